"""Reading jobs: how each stands, its place in the queue, and when it will be done."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from catalog.models import Recording, Song
from catalog.selectors import may_hear
from foundation.errors import NotFound

from .installing import installation_note
from .models import Job
from .states import ACTIVE, JobState, Priority, Stage, overall

#: Processing time per second of song where nothing was measured yet: with Demucs, two cores.
ASSUMED_FACTOR = 0.6
#: Of how many recent runs the real factor is averaged.
RECENT_RUNS = 20


def active_job_of(recording: Recording) -> Job | None:
    return Job.objects.select_related("recording").filter(recording=recording, state__in=ACTIVE).first()


def newest_job_of(song: Song) -> Job | None:
    """The job that a song's page shows: the newest of any of its recordings."""
    return (
        Job.objects.select_related("recording").filter(recording__song=song).order_by("-created_at").first()
    )


def jobs_of(person: User) -> QuerySet[Job]:
    """What a person has asked for, the newest first."""
    return (
        Job.objects.filter(requested_by=person)
        .select_related("recording__song", "drum_map")
        .order_by("-created_at")
    )


def job_for(person: Any, job_id: UUID | str) -> Job:
    """The job, for whoever may watch it. Raises `NotFound` for everybody else, so that ids tell nothing."""
    job = _job(job_id)
    if job and may_watch(person, job):
        return job
    raise _no_such_job()


def may_watch(person: Any, job: Job) -> bool:
    """Whether `person` asked for the job, brought the same recording, or may see all jobs."""
    if not person.is_authenticated:
        return False
    is_theirs = job.requested_by_id == person.pk or person.has_perm("aijobs.view_job")
    return is_theirs or may_hear(person, job.recording)


def job_to_cancel(person: Any, job_id: UUID | str) -> Job:
    """The job, for whoever may cancel it. Raises `NotFound`."""
    job = _job(job_id)
    if job and may_cancel(person, job):
        return job
    raise _no_such_job()


def may_cancel(person: Any, job: Job) -> bool:
    """Whether `person` asked for the job, or may change all jobs."""
    if not person.is_authenticated:
        return False
    return job.requested_by_id == person.pk or person.has_perm("aijobs.change_job")


def _job(job_id: UUID | str) -> Job | None:
    return Job.objects.select_related("recording__song", "drum_map").filter(pk=job_id).first()


def _no_such_job() -> NotFound:
    return NotFound("not_found", "There is no such job, or it isn't yours to see.")


def job_data(job: Job) -> dict[str, Any]:
    """A job as the API, the live socket and the pages show it; `job.recording` had better be loaded."""
    is_waiting = job.state == JobState.QUEUED
    return {
        "id": str(job.pk),
        "state": job.state,
        "stage": job.stage or None,
        "progress": 1.0
        if job.state == JobState.COMPLETE
        else round(overall(job.stage, job.stage_progress), 4),
        "stages": _stages(job),
        "queue_position": _ahead_of(job).filter(state=JobState.QUEUED).count() + 1 if is_waiting else None,
        "eta_ms": _eta_ms(job),
        "map": str(job.drum_map_id) if job.drum_map_id else None,
        "song": str(job.recording.song_id),
        "error": {"code": job.error_code, "detail": job.error_detail} if job.error_code else None,
        "note": job.note or (installation_note() if is_waiting else None),
        "attempt": job.tries + 1 if is_waiting else job.tries,
    }


def _stages(job: Job) -> list[dict[str, Any]]:
    names = list(Stage)
    reached = names.index(Stage(job.stage)) if job.stage else -1
    is_running = job.state == JobState.PROCESSING
    stages = []
    for place, stage in enumerate(names):
        if job.state == JobState.COMPLETE and job.stage_seconds and stage not in job.stage_seconds:
            state, progress = "skipped", 0.0
        elif job.state == JobState.COMPLETE or place < reached:
            state, progress = "done", 1.0
        elif place == reached:
            state, progress = ("active" if is_running else "failed"), round(job.stage_progress, 4)
        else:
            state, progress = "waiting", 0.0
        stages.append({"name": stage.value, "label": stage.label, "progress": progress, "state": state})
    return stages


def _ahead_of(job: Job) -> QuerySet[Job]:
    """Active jobs that are served before a waiting one: running ones, more urgent ones, older ones."""
    before = Q(queued_at__lt=job.queued_at)
    if job.priority == Priority.PRIORITY:
        waiting_before = Q(priority=Priority.PRIORITY) & before
    else:
        waiting_before = Q(priority=Priority.PRIORITY) | before
    return Job.objects.filter(
        Q(state=JobState.PROCESSING) | (Q(state=JobState.QUEUED) & waiting_before)
    ).exclude(pk=job.pk)


def _eta_ms(job: Job) -> int | None:
    if job.state == JobState.PROCESSING:
        return _left_of_run_ms(job)
    if job.state != JobState.QUEUED:
        return None
    ahead = _ahead_of(job)
    workers = max(1, ahead.filter(state=JobState.PROCESSING).count())
    ahead_ms = ahead.aggregate(total=Sum("recording__duration_ms"))["total"] or 0
    return round(real_time_factor() * (ahead_ms / workers + job.recording.duration_ms))


def _left_of_run_ms(job: Job) -> int:
    done = overall(job.stage, job.stage_progress)
    elapsed_ms = (timezone.now() - job.started_at).total_seconds() * 1000 if job.started_at else 0
    if done > 0.1:  # the run itself tells best
        return round(elapsed_ms * (1 - done) / done)
    return max(0, round(real_time_factor() * job.recording.duration_ms - elapsed_ms))


def real_time_factor() -> float:
    """Seconds of processing per second of song, averaged over recent runs."""
    recent = Job.objects.filter(state=JobState.COMPLETE, started_at__isnull=False).order_by("-finished_at")
    runs = recent.values_list("started_at", "finished_at", "recording__duration_ms")[:RECENT_RUNS]
    took = sum((end - start for start, end, _ in runs if start and end), timedelta())
    heard = timedelta(milliseconds=sum(duration_ms for *_, duration_ms in runs))
    return took / heard if heard else ASSUMED_FACTOR
