"""Running jobs in a worker, and sweeping up what dead workers left."""

import contextlib
import threading
from typing import Any
from uuid import UUID

from celery import current_app, shared_task
from celery.signals import worker_process_init, worker_shutting_down

from .ear import Ear
from .models import Job
from .run import run_claimed
from .services import claim_job, give_back_abandoned_jobs, note_sent, overdue_jobs
from .states import Priority
from .workplace import clear_workplaces

QUEUES = {Priority.STANDARD: "gpu", Priority.PRIORITY: "gpu-priority"}

_ear = Ear()
_is_stopping = threading.Event()


@shared_task
def run_job(job_id: str) -> None:
    """Run a queued job; a task that comes twice finds the job claimed and does nothing."""
    fence = claim_job(UUID(job_id))
    if fence is not None:
        run_claimed(UUID(job_id), fence, _ear, _is_stopping.is_set)


@shared_task
def sweep_jobs() -> None:
    """Give back jobs whose worker is dead, and send again jobs whose task was lost."""
    give_back_abandoned_jobs()
    for job in overdue_jobs():
        send(job)


def send(job: Job) -> None:
    """Ask a worker to take the job up."""
    note_sent(job.pk)
    run_job.apply_async([str(job.pk)], queue=QUEUES[Priority(job.priority)], retry=False)


@worker_process_init.connect
def _make_ready(**_: Any) -> None:
    """A worker that will run jobs clears what a dead one left and warms its ear up before the first song comes."""
    if set(QUEUES.values()) & set(current_app.amqp.queues.consume_from):
        clear_workplaces()
        with contextlib.suppress(OSError):
            _ear.wake()


@worker_shutting_down.connect
def _stop_soon(**_: Any) -> None:
    """A worker that is told to stop gives its job back at once instead of finishing a song of minutes."""
    _is_stopping.set()
