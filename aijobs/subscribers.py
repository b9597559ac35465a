"""What follows from what happens to jobs, and from guests who sign in."""

from uuid import UUID

from django.db import transaction

from accounts.events import GuestBecamePerson
from foundation.bus import after, on
from foundation.live import tell

from . import artefacts
from .events import JobCancelled, JobCompleted, JobFailed, JobQueued
from .models import Job
from .selectors import job_data
from .services import hand_over_jobs
from .states import JobState
from .tasks import send


@after(JobQueued)
def ask_a_worker(happened: JobQueued) -> None:
    job = Job.objects.filter(pk=happened.job_id, state=JobState.QUEUED).first()
    if job:
        send(job)


@after(JobFailed)
@after(JobCancelled)
def forget_what_was_stored(happened: JobFailed | JobCancelled) -> None:
    job = Job.objects.select_related("recording").filter(pk=happened.job_id).first()
    if job and job.state in (JobState.FAILED, JobState.CANCELLED):
        artefacts.forget(job.recording.song_id, job.pk)


@on(JobQueued)
@on(JobCompleted)
@on(JobFailed)
@on(JobCancelled)
def show_at_once(happened: JobQueued | JobCompleted | JobFailed | JobCancelled) -> None:
    transaction.on_commit(lambda: tell_watchers(happened.job_id), robust=True)


@on(GuestBecamePerson)
def jobs_go_with_the_guest(happened: GuestBecamePerson) -> None:
    hand_over_jobs(happened.guest_id, happened.user_id)


def tell_watchers(job_id: UUID) -> None:
    job = Job.objects.select_related("recording").filter(pk=job_id).first()
    if job:
        tell(f"job:{job_id}", job_data(job))
