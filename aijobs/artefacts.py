"""Where a job's results lie in storage: keys that follow from the song and the job, so that a second try of the same
job overwrites the first one's files instead of adding to them.
"""

from uuid import UUID

from foundation.storage import storage

MAP_TYPE = "application/json"
PEAKS_TYPE = "application/json"
#: Content types of stems by the ending of their file.
STEM_TYPES = {
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".m4a": "audio/mp4",
}


def map_key(song_id: UUID, job_id: UUID) -> str:
    return f"maps/unverified/{song_id}/{job_id}.bsm"


def stems_folder(song_id: UUID, job_id: UUID) -> str:
    return f"stems/unverified/{song_id}/{job_id}/"


def peaks_key(song_id: UUID, job_id: UUID) -> str:
    return stems_folder(song_id, job_id) + "peaks.json"


def forget(song_id: UUID, job_id: UUID) -> None:
    """Remove whatever a job that gave no map has stored. Fine when there is nothing."""
    place = storage()
    place.delete(map_key(song_id, job_id))
    for key in list(place.keys(stems_folder(song_id, job_id))):
        place.delete(key)
