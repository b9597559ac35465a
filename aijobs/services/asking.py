"""Asking for a map: who may, and what stands against it."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from billing.selectors import quota_of
from billing.services import reserve_run
from catalog.models import Recording, Song
from catalog.selectors import may_hear
from foundation.bus import publish
from foundation.errors import Conflict, Forbidden
from maps.selectors import verified_map_of
from maps.states import Difficulty

from ..events import JobQueued
from ..models import Job
from ..selectors import active_job_of, job_data
from ..states import JOB, JobState, Priority
from .holding import claim_job


@transaction.atomic
def request_map(what: Song | Recording, by: User, difficulty: str = Difficulty.EXPERT) -> Job:
    """Queue a job that makes the first map of a song, from the recording named or the best that `by` may hear.

    Raises `Forbidden` (403) when they may hear none, `Conflict` (409) `verified_map_exists` with the `map` or
    `job_active` with the `job`, and `PaymentRequired` (402) when the plan holds no run any more.
    """
    recording = _recording_for(what, by)
    _refuse_if_verified(recording.song, difficulty)
    plan = quota_of(by).plan
    job = _add(
        recording,
        requested_by=by,
        difficulty_label=difficulty,
        priority=Priority.PRIORITY if plan.is_priority else Priority.STANDARD,
    )
    reserve_run(by, job.pk)
    publish(JobQueued(job_id=job.pk, attempt=1))
    return job


@transaction.atomic
def begin_here(recording: Recording, by: User | None, difficulty: str = Difficulty.EXPERT) -> tuple[Job, int]:
    """A job that the calling process runs itself, and its fence: no queue, no worker and no quota. Raises `Conflict`.

    Should the process die, its lease runs out and the site's workers take the job up.
    """
    _refuse_if_verified(recording.song, difficulty)
    job = _add(recording, requested_by=by, difficulty_label=difficulty)
    fence = claim_job(job.pk)
    assert fence is not None
    return job, fence


@transaction.atomic
def retry_job(job_id: UUID) -> Job:
    """Queue a failed or cancelled job again, with all its tries. Raises `Conflict` or `PaymentRequired`."""
    job = (
        Job.objects.select_for_update(of=("self",))
        .select_related("recording__song", "requested_by")
        .get(pk=job_id)
    )
    JOB.check(job.state, JobState.QUEUED)
    _refuse_if_verified(job.recording.song, job.difficulty_label)
    if active := active_job_of(job.recording):
        raise _already_active(active)
    job.state, job.stage, job.stage_progress, job.tries = JobState.QUEUED, "", 0, 0
    job.error_code = job.error_detail = job.note = ""
    job.queued_at, job.sent_at, job.started_at, job.finished_at = timezone.now(), None, None, None
    job.save()
    if job.requested_by:
        reserve_run(job.requested_by, job.pk)
    publish(JobQueued(job_id=job.pk, attempt=1))
    return job


def _recording_for(what: Song | Recording, by: User) -> Recording:
    recordings = [what] if isinstance(what, Recording) else list(what.recordings.order_by("-created_at"))
    for recording in recordings:
        if recording.audio_key and may_hear(by, recording):
            return recording
    raise Forbidden(
        "recording_not_yours",
        "The AI can only listen to a recording that you brought yourself. Drop your own file of this song first.",
    )


def _refuse_if_verified(song: Song, difficulty: str) -> None:
    if verified := verified_map_of(song, difficulty):
        raise Conflict(
            "verified_map_exists",
            "This song already has a verified map. Play that one, or propose a fix to it.",
            map=str(verified.pk),
        )


def _add(recording: Recording, **facts: object) -> Job:
    """A new queued job. The database's own rule decides between two who ask at once."""
    try:
        with transaction.atomic():
            return Job.objects.create(recording=recording, queued_at=timezone.now(), **facts)
    except IntegrityError:
        active = active_job_of(recording)
        if active is None:
            raise
        raise _already_active(active) from None


def _already_active(job: Job) -> Conflict:
    detail = "The AI is already at work on this recording. Its progress can be watched."
    return Conflict("job_active", detail, job=job_data(job))
