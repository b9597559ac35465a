"""A song on this machine to its map, in the calling process: for commands and benchmarks.

The song goes the same way as one from a browser, and the job is a job like any other; only that no queue and no
worker is asked. Beside a running site either may do a step; the rows decide, and nothing is done twice.
"""

import time
from pathlib import Path

from django.conf import settings

from accounts.models import User
from catalog.intake import take_in
from catalog.models import Recording, Upload
from catalog.services import complete_upload, request_upload
from catalog.states import UploadState
from foundation.errors import Invalid
from foundation.storage import storage
from maps.states import Difficulty

from .ear import Ear, OnStage
from .models import Job
from .run import run_claimed
from .services import begin_here


def bring(path: Path, owner: User) -> Recording:
    """The recording of a file: recognised among our own, else new. Raises `Problem` with what is wrong with it."""
    upload, _ = request_upload(owner, path.name, path.stat().st_size)
    storage().put_file(upload.incoming_key, path, upload.content_type)
    complete_upload(upload.pk, by=owner)
    take_in(upload.pk)
    upload = _settled(upload)
    if upload.recording is None:
        raise Invalid(
            upload.reason_code or "not_taken_in", upload.reason_detail or "The file was not taken in."
        )
    return upload.recording


def make_map(
    recording: Recording,
    by: User,
    watch: OnStage,
    difficulty: str = Difficulty.EXPERT,
    ear: Ear | None = None,
) -> Job:
    """The complete job of a recording, listened to here. Raises `Conflict`, or `Invalid` with the reason."""
    job, fence = begin_here(recording, by, difficulty)
    own_ear = ear or Ear()
    try:
        run_claimed(job.pk, fence, own_ear, is_stopping=lambda: False, watch=watch)
    finally:
        if ear is None:
            own_ear.kill()
    return _complete(job)


def _settled(upload: Upload) -> Upload:
    """The upload as it ended: at once, unless a worker of a running site was quicker to take it up."""
    deadline = time.monotonic() + settings.INTAKE_MAX_S
    while True:
        upload = Upload.objects.select_related("recording__song").get(pk=upload.pk)
        is_settled = upload.state in (UploadState.IDENTIFIED, UploadState.REJECTED)
        if is_settled or time.monotonic() > deadline:
            return upload
        time.sleep(0.2)


def _complete(job: Job) -> Job:
    job.refresh_from_db()
    if job.drum_map is None:
        detail = job.error_detail or "The ear broke off, and the job went to the site's workers."
        raise Invalid(job.error_code or "broken_off", detail)
    return job
