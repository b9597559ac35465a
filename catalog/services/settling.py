"""The end of an upload that was recognised: a recording of ours, else a new one with its song."""

from collections.abc import Iterable

from django.db import connection, transaction

from catalog.fingerprints import Fingerprint, codes_to_bytes
from foundation.bus import publish
from foundation.storage import storage

from ..events import UploadIdentified
from ..models import Recording, Song, Upload
from ..recognition.candidates import Candidate
from ..recognition.catalogue import known_sound
from ..states import UPLOAD, UploadState
from .claims import hold
from .progress import tell_of

# Any number, the same in every process: whoever holds it may add recordings.
_ADDING_RECORDINGS = 0x62656174


@transaction.atomic
def settle_upload(
    upload: Upload, heard: Fingerprint, audio: tuple[str, str], candidates: Iterable[Candidate], genre: str
) -> Recording:
    """End the claimed upload as identified: as a recording that we have, else as a new one with its song.

    `audio` is the key and content type of the sound as stored, ("", "") if it wasn't. One at a time may add
    recordings, so that the same song sent twice at once is one recording.
    """
    _one_at_a_time()
    hold(upload)
    candidates = list(candidates)
    known = known_sound(heard)
    if known and known.is_same_recording:
        recording = known.recording
        candidates = [known.as_candidate()]
        _keep_or_drop(recording, audio)
    else:
        song = known.recording.song if known else _new_song(upload, candidates, genre)
        if known:  # another cut of a song that we know
            candidates = [known.as_candidate(), *candidates]
        recording = Recording.objects.create(
            # the upload's own id: a second try stores its sound over the first one's
            pk=upload.pk,
            song=song,
            fingerprint=codes_to_bytes(heard.codes),
            fingerprint_hash=heard.hash,
            duration_ms=heard.duration_ms,
            audio_key=audio[0],
            audio_type=audio[1],
        )
    UPLOAD.check(upload.state, UploadState.IDENTIFIED)
    upload.state, upload.recording, upload.due_at = UploadState.IDENTIFIED, recording, None
    upload.candidates = [candidate.as_data() for candidate in candidates]
    upload.save(update_fields=["state", "recording", "due_at", "candidates", "updated_at"])
    publish(
        UploadIdentified(upload_id=upload.pk, recording_id=recording.pk, is_new=recording.pk == upload.pk)
    )
    transaction.on_commit(lambda: storage().delete(upload.incoming_key), robust=True)
    tell_of(upload.pk)
    return recording


def _new_song(upload: Upload, candidates: list[Candidate], genre: str) -> Song:
    title, artist = (
        (candidates[0].title, candidates[0].artist) if candidates else (Song.PLACEHOLDER_TITLE, "")
    )
    return Song.objects.create(title=title, artist=artist, genre=genre, added_by=upload.owner)


def _keep_or_drop(recording: Recording, audio: tuple[str, str]) -> None:
    """The sound just stored becomes the recording's if it has none; a second copy is removed."""
    key, kind = audio
    if key and not recording.audio_key:
        recording.audio_key, recording.audio_type = key, kind
        recording.save(update_fields=["audio_key", "audio_type", "updated_at"])
    elif key and key != recording.audio_key:
        transaction.on_commit(lambda: storage().delete(key), robust=True)


def _one_at_a_time() -> None:
    """Until the transaction ends. SQLite's transactions are so by themselves: IMMEDIATE."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADDING_RECORDINGS])
