"""The sender's side of an upload: asking for one, and saying that the file is there."""

import re
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from foundation.bus import publish
from foundation.errors import Conflict, Forbidden, Gone, Invalid, NotFound, TooLarge
from foundation.storage import PutTicket, storage

from ..events import UploadArrived
from ..models import Upload
from ..naming import tidy_filename
from ..states import UPLOAD, UPLOAD_IN_WORK, UploadState
from .claims import end_as_rejected
from .progress import tell_of

# What a browser may call a song; unknown endings come without a type. Content decides, later.
_SOUND = re.compile(r"audio/[\w.+-]{1,80}|video/(mp4|ogg|quicktime)|application/(ogg|octet-stream)")
_UPLOAD_KEY = re.compile(r"incoming/[0-9a-f-]{36}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
UNTYPED = "application/octet-stream"


def request_upload(
    owner: User, filename: str, size: int, content_type: str = "", sha256: str = ""
) -> tuple[Upload, PutTicket]:
    """A new upload, and the ticket by which its file may be sent: exactly `size` bytes, for 15 minutes.

    Raises `Invalid`, `TooLarge`, or `Forbidden("guest_limit")` for a guest who has brought a song already.
    """
    kind = content_type.partition(";")[0].strip().lower() or UNTYPED
    _check_announced(size, kind, sha256.lower())
    with transaction.atomic():
        if owner.is_guest:
            _check_guest(owner)
        upload = Upload.objects.create(
            owner=owner,
            filename=tidy_filename(filename) or "song",
            size=size,
            content_type=kind,
            sha256=sha256.lower(),
            expires_at=timezone.now() + timedelta(seconds=settings.UPLOAD_TICKET_S),
        )
    return upload, storage().presign_put(upload.incoming_key, size, kind, settings.UPLOAD_TICKET_S)


def complete_upload(upload_id: UUID, by: User) -> Upload:
    """The sender says that the file is there; a worker takes it up. Said twice, it happens once.

    Raises `NotFound` for another's upload, `Conflict("not_arrived")` while there is no file, `Gone("expired")` when
    none came in time. A file of another size than announced ends the upload as rejected.
    """
    arrived = storage().size(f"incoming/{upload_id}")
    with transaction.atomic():
        upload = Upload.objects.select_for_update().filter(pk=upload_id, owner=by).first()
        if upload is None:
            raise NotFound("not_found", "There is no such upload, or it isn't yours.")
        if upload.state == UploadState.REQUESTED:
            _take(upload, arrived)
    if UPLOAD.is_final(upload.state):
        # sent to an upload that had ended meanwhile; its row knows nothing of these bytes
        storage().delete(upload.incoming_key)
    if upload.reason_code == "expired":
        raise Gone("expired", upload.reason_detail)
    if upload.state == UploadState.REQUESTED:
        raise Conflict(
            "not_arrived", "The file hasn't arrived. Send it to the upload's address, then complete it."
        )
    return upload


def clear_stale_uploads() -> int:
    """Reject uploads whose file never came, and remove what lies where no upload waits for it. Gives how many."""
    now = timezone.now()
    # A file may have come in time without a word from its sender; such an upload is given a day.
    old = now - timedelta(hours=settings.UPLOAD_STALE_H)
    cleared = 0
    for upload in Upload.objects.filter(state=UploadState.REQUESTED, expires_at__lt=now):
        if upload.expires_at < old or storage().size(upload.incoming_key) is None:
            cleared += _expire_if_still_requested(upload.pk)
    return cleared + _remove_unawaited()


def _check_announced(size: int, kind: str, sha256: str) -> None:
    if size <= 0:
        raise Invalid("empty", "The file is empty. Choose the song's file again.")
    if size > settings.UPLOAD_MAX_BYTES:
        most = settings.UPLOAD_MAX_BYTES // 2**20
        raise TooLarge(
            "too_large", f"The file is larger than {most} MB. An MP3 or FLAC of the song is smaller."
        )
    if not _SOUND.fullmatch(kind):
        raise Invalid(
            "not_audio", "Only sound is taken here. Send the song as WAV, MP3, FLAC, Ogg, Opus or M4A."
        )
    if sha256 and not _SHA256.fullmatch(sha256):
        raise Invalid("sha256_malformed", "The sha256 must be 64 hexadecimal digits, or left out.")


def _check_guest(guest: User) -> None:
    """A guest may bring one song. An upload that was only asked for gives way to the new one."""
    User.objects.select_for_update().get(pk=guest.pk)
    for upload in guest.uploads.select_for_update().exclude(state=UploadState.REJECTED):
        if upload.state != UploadState.REQUESTED:
            raise Forbidden(
                "guest_limit",
                "You have brought your song as a guest. Sign up, it is free, and bring the next one.",
            )
        end_as_rejected(upload, "replaced", "Another file was chosen instead of this one.")


def _take(upload: Upload, arrived: int | None) -> None:
    if arrived is None:
        if upload.expires_at < timezone.now():
            _expire(upload)
        return
    if arrived != upload.size:
        told = f"The file has {arrived:,} bytes, but {upload.size:,} were announced. Start again and send it whole."
        end_as_rejected(upload, "size_mismatch", told)
        return
    upload.state, upload.due_at = UploadState.UPLOADED, timezone.now()
    upload.save(update_fields=["state", "due_at", "updated_at"])
    tell_of(upload.pk)
    publish(UploadArrived(upload_id=upload.pk))


def _expire(upload: Upload) -> None:
    end_as_rejected(upload, "expired", "The file didn't arrive in time. Start the upload again.")


@transaction.atomic
def _expire_if_still_requested(upload_id: UUID) -> bool:
    upload = Upload.objects.select_for_update().filter(pk=upload_id, state=UploadState.REQUESTED).first()
    if upload:
        _expire(upload)
    return upload is not None


def _remove_unawaited() -> int:
    """Files of uploads that are over: left by a process that died, or sent once more to an address of S3."""
    # The keys first: what is asked for from now on isn't among them.
    keys = [key for key in storage().keys("incoming/") if _UPLOAD_KEY.fullmatch(key)]
    awaited = Upload.objects.filter(state__in=[UploadState.REQUESTED, *UPLOAD_IN_WORK])
    awaited_keys = {f"incoming/{pk}" for pk in awaited.values_list("pk", flat=True)}
    unawaited = [key for key in keys if key not in awaited_keys]
    for key in unawaited:
        storage().delete(key)
    return len(unawaited)
