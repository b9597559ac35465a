"""How a job ends: with a map, with a reason, by somebody's wish, or back in the queue for another try."""

from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from billing.services import release_run, settle_run
from catalog.models import Recording, Stem
from foundation.bus import publish
from foundation.storage import storage
from maps.models import MapVersion
from maps.services import publish_first_map

from .. import artefacts
from ..events import JobCancelled, JobCompleted, JobFailed, JobQueued
from ..models import Job
from ..states import JOB, JobState, Stage
from .holding import held


class LeaseLost(Exception):
    """The job was cancelled or given to another worker: this run's work is void."""


@dataclass(frozen=True)
class Outcome:
    """What a run brings home: the map's file, what is stored already, and what the ear says of it.

    `stems` gives the storage key of each kind; `stage_seconds` the time that each stage took.
    """

    bsm: bytes
    model_version: str
    confidence: float
    note: str = ""
    stems: dict[str, str] = field(default_factory=dict)
    peaks_key: str = ""
    stage_seconds: dict[str, float] = field(default_factory=dict)


@transaction.atomic
def complete_job(job_id: UUID, fence: int, outcome: Outcome) -> MapVersion:
    """Store the map and publish it, all or nothing. Raises `LeaseLost` when the job is no longer this run's."""
    job = _hold(job_id, fence)
    recording = job.recording
    # The file is written while the row is locked: a run that has lost its lease never overwrites the winner's.
    key = artefacts.map_key(recording.song_id, job.pk)
    storage().put_bytes(key, outcome.bsm, artefacts.MAP_TYPE)
    version = publish_first_map(
        job_id=job.pk,
        recording=recording,
        bsm=outcome.bsm,
        storage_key=key,
        model_version=outcome.model_version,
        confidence=outcome.confidence,
        note=outcome.note,
        difficulty_label=job.difficulty_label,
        by=job.requested_by,
    )
    for kind, stem_key in outcome.stems.items():
        facts = {"recording": recording, "storage_key": stem_key}
        Stem.objects.update_or_create(job_id=job.pk, kind=kind, defaults=facts)
    if outcome.peaks_key:
        Recording.objects.filter(pk=recording.pk).update(peaks_key=outcome.peaks_key)
    job.drum_map, job.note, job.stage_seconds = version.drum_map, outcome.note, outcome.stage_seconds
    job.stage, job.stage_progress = Stage.STORE, 1
    _end(job, JobState.COMPLETE)
    settle_run(job.pk)
    publish(JobCompleted(job_id=job.pk, map_id=version.drum_map_id))
    return version


@transaction.atomic
def fail_job(job_id: UUID, fence: int, code: str, detail: str) -> None:
    """End a run with a reason that a person understands; the run is not counted. Raises `LeaseLost`."""
    _fail(_hold(job_id, fence), code, detail)


@transaction.atomic
def give_back_job(job_id: UUID, fence: int, code: str, detail: str, *, counts_as_try: bool = True) -> None:
    """Queue a job again whose run broke off, or fail it with this reason after the last try. Raises `LeaseLost`."""
    job = _hold(job_id, fence)
    if not counts_as_try:
        job.tries -= 1
    if job.tries >= settings.JOB_MAX_TRIES:
        return _fail(
            job, code, f"{detail} It was tried {job.tries} times. Your run was given back; you may try again."
        )
    JOB.check(job.state, JobState.QUEUED)
    job.state, job.lease_until, job.stage, job.stage_progress = JobState.QUEUED, None, "", 0
    job.sent_at = job.started_at = None
    job.save()
    publish(JobQueued(job_id=job.pk, attempt=job.tries + 1))


@transaction.atomic
def cancel_job(job_id: UUID) -> Job:
    """End an active job at once; a worker that is at it finds its lease gone within `JOB_LEASE_RENEWAL_S` and stops.

    Raises `Conflict` when it has ended already; cancelling twice is once.
    """
    job = Job.objects.select_for_update(of=("self",)).select_related("recording").get(pk=job_id)
    if job.state == JobState.CANCELLED:
        return job
    JOB.check(job.state, JobState.CANCELLED)
    _end(job, JobState.CANCELLED)
    release_run(job.pk)
    publish(JobCancelled(job_id=job.pk))
    return job


def _hold(job_id: UUID, fence: int) -> Job:
    """The job with its row locked, if this run still owns it."""
    job = (
        held(job_id, fence)
        .select_for_update(of=("self",))
        .select_related("recording", "requested_by")
        .first()
    )
    if job is None:
        raise LeaseLost
    return job


def _fail(job: Job, code: str, detail: str) -> None:
    job.error_code, job.error_detail = code, detail
    _end(job, JobState.FAILED)
    release_run(job.pk)
    publish(JobFailed(job_id=job.pk, code=code))


def _end(job: Job, state: str) -> None:
    JOB.check(job.state, state)
    job.state, job.lease_until, job.finished_at = state, None, timezone.now()
    job.save()
