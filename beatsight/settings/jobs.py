"""Celery: the queues, who consumes what, and the beat."""

import sys
from datetime import timedelta

from . import environment as env

CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
# Redis hands an unacknowledged task out again after this time. Leases decide who owns a job, so it only has
# to be longer than twice the longest run.
# Whoever asks for a task without a broker is told so at once instead of after 7 s: the sweeps send it later.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 4 * 3600,
    **{"max_retries": 0, "interval_start": 0, "interval_step": 0, "interval_max": 0},
}

CELERY_TASK_ROUTES = {
    "catalog.tasks.*": {"queue": "fingerprint"},
    "aijobs.tasks.run_job": {"queue": "gpu"},
}

CELERY_BEAT_SCHEDULE = {
    "deliver-what-a-dead-process-left": {
        "task": "foundation.tasks.sweep_outbox",
        "schedule": timedelta(seconds=15),
    },
    "run-again-what-a-dead-worker-left": {
        "task": "aijobs.tasks.sweep_jobs",
        "schedule": timedelta(seconds=5),
    },
    "take-up-what-a-dead-intake-left": {
        "task": "catalog.tasks.sweep_uploads",
        "schedule": timedelta(seconds=5),
    },
    "clear-what-nobody-used": {
        "task": "catalog.tasks.clear_stale_uploads",
        "schedule": timedelta(minutes=30),
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(env.data_dir() / "beat-schedule")

# A lease is renewed each LEASE_RENEWAL_S; one that has run out means that its worker is dead. Together with the
# sweep every 5 s a dead worker is noticed within LEASE_S + 5 s.
JOB_LEASE_S = 15
JOB_LEASE_RENEWAL_S = 3
JOB_MAX_TRIES = 3
# A run this long is stuck: the longest song (20 minutes) takes a third of it on two slow cores.
JOB_MAX_RUN_S = 3600
# A queued job whose task was lost with the broker is sent again after this, then less and less often.
JOB_RESEND_S = 30
# Where runs keep their files while they last.
RUNS_DIR = env.data_dir() / "runs"
# How the worker starts the ear; it then speaks JSON lines with it (aijobs/ear.py).
EAR_COMMAND = [sys.executable, "-m", "transcription", "--serve"]
# Loading torch and the weights from a cold disk.
EAR_START_MAX_S = 180

DEMUCS_MODEL = env.text("BEATSIGHT_DEMUCS_MODEL", "htdemucs")
DEMUCS_REPO = env.text("BEATSIGHT_DEMUCS_REPO", "")

# AI runs a month on the free plan; empty: as many as one likes. A guest may always try one song.
FREE_RUNS_A_MONTH = env.whole_number("BEATSIGHT_FREE_RUNS_A_MONTH", None)
