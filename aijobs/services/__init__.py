"""What may be done with jobs, one verb a function.

A job is asked for (`request_map`), claimed by a worker, held by a lease while it runs, and ends: complete, failed,
cancelled, or given back to the queue. Everything that a worker writes names the fence of its claim; after the lease
was given to somebody else such a write meets no row.
"""

from .asking import begin_here, request_map, retry_job
from .ending import LeaseLost, Outcome, cancel_job, complete_job, fail_job, give_back_job
from .handing_over import hand_over_jobs
from .holding import claim_job, renew_lease
from .sweeping import give_back_abandoned_jobs, note_sent, overdue_jobs

__all__ = [
    "LeaseLost",
    "Outcome",
    "begin_here",
    "cancel_job",
    "claim_job",
    "complete_job",
    "fail_job",
    "give_back_abandoned_jobs",
    "give_back_job",
    "hand_over_jobs",
    "note_sent",
    "overdue_jobs",
    "renew_lease",
    "request_map",
    "retry_job",
]
