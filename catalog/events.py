"""What happens in the catalogue."""

from uuid import UUID

from foundation.bus import event


@event
class UploadArrived:
    """A file is there and waits for a worker."""

    upload_id: UUID


@event
class UploadIdentified:
    """A file was recognised, or became a new recording."""

    upload_id: UUID
    recording_id: UUID
    is_new: bool


@event
class UploadRejected:
    """A file was refused."""

    upload_id: UUID
    code: str


@event
class SongConfirmed:
    """A person confirmed or mended a song's title, artist or genre."""

    song_id: UUID
    person_id: UUID
