"""Settings of a real worker process that a test starts and kills: the tests' own, tasks through the broker, and
leases so short that a death is noticed while one watches.
"""

from beatsight.settings import environment as env
from beatsight.settings.test import *  # noqa: F403

CELERY_TASK_ALWAYS_EAGER = False
JOB_LEASE_S = 2
JOB_LEASE_RENEWAL_S = 0.3
STORAGE_DIR = env.data_dir() / "storage"
RUNS_DIR = env.data_dir() / "runs"
