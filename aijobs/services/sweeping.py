"""What a dead worker or a flushed broker left behind."""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from ..models import Job
from ..states import JobState
from .ending import LeaseLost, give_back_job

log = logging.getLogger(__name__)

#: So many jobs are sent again in one sweep, so that a long queue never floods the broker.
SENT_AGAIN_AT_ONCE = 20
#: The longest that a waiting job goes without being sent again.
RESEND_AT_MOST_S = 300


def give_back_abandoned_jobs() -> int:
    """Queue every job again whose lease has run out; gives their number."""
    abandoned = Job.objects.filter(state=JobState.PROCESSING, lease_until__lt=timezone.now())
    amount = 0
    for job_id, fence, stage in abandoned.values_list("pk", "fence", "stage")[:100]:
        log.warning("Job %s lost its worker in stage %s", job_id, stage)
        try:
            give_back_job(
                job_id, fence, "worker_died", "The program that listens to songs stopped in the middle."
            )
        except LeaseLost:
            continue  # it ended, or another sweep was quicker
        amount += 1
    return amount


def overdue_jobs() -> list[Job]:
    """Waiting jobs whose task may be lost: sent long enough ago, and the less often the longer they wait."""
    now = timezone.now()
    waiting = Job.objects.filter(
        state=JobState.QUEUED, queued_at__lt=now - timedelta(seconds=settings.JOB_RESEND_S)
    )
    overdue = []
    for job in waiting.order_by("queued_at").iterator():
        sent_at = job.sent_at or job.queued_at
        waited_s = (sent_at - job.queued_at).total_seconds()
        pause_s = min(max(settings.JOB_RESEND_S, waited_s), RESEND_AT_MOST_S)
        if now - sent_at > timedelta(seconds=pause_s):
            overdue.append(job)
        if len(overdue) == SENT_AGAIN_AT_ONCE:
            break
    return overdue


def note_sent(job_id: UUID) -> None:
    """Remember when a worker was last asked to take the job up."""
    Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(sent_at=timezone.now())
