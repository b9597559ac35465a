"""The worker's side of an upload: taking it up, moving it on, and refusing it.

A claim is one conditional update: `due_at` moves ahead by the time that a claim lasts, `tries` grows by one; while
the work goes on, `kept` renews it. Whoever writes for the claim names the `tries` that they were given; a worker that
was thought dead holds an old number, and its writes meet no row (`ClaimLost`). Nothing else owns an upload, so a
worker may be killed anywhere: when `due_at` has passed, the sweep hands the upload to the next.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from foundation.bus import publish
from foundation.storage import storage

from ..events import UploadArrived, UploadRejected
from ..models import Upload
from ..states import UPLOAD, UPLOAD_IN_WORK, UploadState
from .progress import tell_of

MOST_TRIES = 3
# After 10 s, then 60 s: a daemon that was restarted is back by then.
BACK_OFF_S = (10, 60)
# A task asked for just now gets this long to reach a worker before it is asked for again.
SWEEP_AFTER_S = 15


class ClaimLost(Exception):
    """Another worker has taken the upload up since, or it is over."""


def claim_upload(upload_id: UUID) -> Upload | None:
    """The upload, now this worker's until its claim lapses; None when there is nothing to do for it."""
    now = timezone.now()
    due = Upload.objects.filter(pk=upload_id, state__in=UPLOAD_IN_WORK, due_at__lte=now)
    with transaction.atomic():
        # Whatever it was, it took three workers down or away.
        for upload in due.select_for_update().filter(tries__gte=MOST_TRIES):
            told = "The file could not be read in three tries. Save the song as a plain FLAC or MP3 and send that."
            end_as_rejected(upload, "gave_up", told)
    claimed = due.update(due_at=_lapses_at(), tries=F("tries") + 1, updated_at=now)
    return Upload.objects.get(pk=upload_id) if claimed else None


@contextmanager
def kept(upload: Upload) -> Iterator[None]:
    """Renew the claim from a thread of its own as long as the body runs, at most INTAKE_MAX_S: a dead worker's claim
    lapses soon, and one that hangs doesn't hold it for ever."""
    is_over = threading.Event()

    def renew() -> None:
        deadline = time.monotonic() + settings.INTAKE_MAX_S
        try:
            while not is_over.wait(settings.INTAKE_CLAIM_S / 4) and time.monotonic() < deadline:
                with suppress(DatabaseError):  # the next renewal may find it back
                    _claimed(upload).update(due_at=_lapses_at())
        finally:
            connection.close()

    renewal = threading.Thread(target=renew, name=f"claim-{upload.pk}", daemon=True)
    renewal.start()
    try:
        yield
    finally:
        is_over.set()
        renewal.join()


def enter(upload: Upload, state: UploadState) -> None:
    """Go on to `state` and renew the claim; a second try stays in the state that the first one reached."""
    if UPLOAD.allows(upload.state, state):
        upload.state = state
    upload.due_at = _lapses_at()
    with transaction.atomic():
        _write(upload, state=upload.state, due_at=upload.due_at)
        tell_of(upload.pk)


def give_back(upload: Upload, code: str, detail: str) -> None:
    """Something beside the file went wrong: try again a little later, or after the last try end with this reason."""
    if upload.tries >= MOST_TRIES:
        reject_upload(upload, code, detail)
    else:
        _write(upload, due_at=timezone.now() + timedelta(seconds=BACK_OFF_S[upload.tries - 1]))


def reject_upload(upload: Upload, code: str, detail: str) -> None:
    """End the claimed upload as rejected: nothing of it stays in the storage."""
    with transaction.atomic():
        hold(upload)
        end_as_rejected(upload, code, detail)


def uploads_left_standing() -> list[UUID]:
    """Uploads that are due and that no worker came for; they are due again from now on."""
    now = timezone.now()
    standing = Upload.objects.filter(
        Q(due_at__lt=now - timedelta(seconds=SWEEP_AFTER_S)) | Q(due_at__lt=now, tries__gt=0),
        state__in=UPLOAD_IN_WORK,
    )
    ids = list(standing.order_by("due_at").values_list("pk", flat=True)[:100])
    # a busy queue isn't filled with the same upload every 15 s
    standing.filter(pk__in=ids).update(due_at=now)
    return ids


@transaction.atomic
def take_up_again(upload_id: UUID) -> bool:
    """An operator sends a stuck upload to a worker at once, whoever has it now; False when it isn't in work."""
    standing = Upload.objects.filter(pk=upload_id, state__in=UPLOAD_IN_WORK)
    if not standing.update(due_at=timezone.now()):
        return False
    publish(UploadArrived(upload_id=upload_id))
    return True


@transaction.atomic
def end_as_rejected(upload: Upload, code: str, detail: str) -> None:
    """For a caller that holds the upload's row, or its claim."""
    UPLOAD.check(upload.state, UploadState.REJECTED)
    upload.state, upload.due_at = UploadState.REJECTED, None
    upload.reason_code, upload.reason_detail = code, detail
    upload.save(update_fields=["state", "due_at", "reason_code", "reason_detail", "updated_at"])
    publish(UploadRejected(upload_id=upload.pk, code=code))
    transaction.on_commit(lambda: _remove(upload.incoming_key, audio_key_of(upload)), robust=True)
    tell_of(upload.pk)


def audio_key_of(upload: Upload) -> str:
    """Where the sound is kept that this upload brought."""
    return f"audio/{upload.pk}"


def hold(upload: Upload) -> None:
    """Lock the claimed upload's row until the transaction ends. Raises `ClaimLost`."""
    if not _claimed(upload).select_for_update().exists():
        raise ClaimLost(f"Upload {upload.pk}, try {upload.tries}")


def _write(upload: Upload, **values: Any) -> None:
    if not _claimed(upload).update(updated_at=timezone.now(), **values):
        raise ClaimLost(f"Upload {upload.pk}, try {upload.tries}")


def _claimed(upload: Upload) -> QuerySet[Upload]:
    return Upload.objects.filter(pk=upload.pk, tries=upload.tries, state__in=UPLOAD_IN_WORK)


def _remove(*keys: str) -> None:
    for key in keys:
        storage().delete(key)


def _lapses_at() -> datetime:
    return timezone.now() + timedelta(seconds=settings.INTAKE_CLAIM_S)
