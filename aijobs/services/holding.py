"""Claiming a job and holding it: each step one conditional update, so that the database decides who owns it."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from ..models import Job
from ..states import JobState, Stage


@transaction.atomic
def claim_job(job_id: UUID) -> int | None:
    """Take a queued job; gives the fence of this claim, or None when it isn't there to be taken."""
    now = timezone.now()
    claimed = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(
        state=JobState.PROCESSING,
        stage=Stage.DECODE,
        stage_progress=0,
        tries=F("tries") + 1,
        fence=F("fence") + 1,
        lease_until=now + timedelta(seconds=settings.JOB_LEASE_S),
        started_at=now,
        note="",
        updated_at=now,
    )
    return Job.objects.values_list("fence", flat=True).get(pk=job_id) if claimed else None


def renew_lease(job_id: UUID, fence: int, stage: str, progress: float) -> bool:
    """Say that the run is alive and how far it is; False when the job is no longer this run's."""
    now = timezone.now()
    lease_until = now + timedelta(seconds=settings.JOB_LEASE_S)
    return bool(
        held(job_id, fence).update(
            lease_until=lease_until, stage=stage, stage_progress=progress, updated_at=now
        )
    )


def held(job_id: UUID, fence: int) -> QuerySet[Job]:
    """The job, as long as the run with this fence owns it."""
    return Job.objects.filter(pk=job_id, state=JobState.PROCESSING, fence=fence)
