"""Real Celery workers for the tests: processes of their own, on the tests' database, storage and broker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

#: Longer than anything here takes on a slow machine; a wait that ends by it is a failure.
AT_MOST_S = 40


class Worker:
    """`celery -A beatsight worker` for all queues of jobs, on the folder that holds storage and runs."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "worker.log"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "aijobs.tests.worker_settings",
            "DATABASE_URL": database_url(),
            "BEATSIGHT_DATA_DIR": str(folder),
            "BEATSIGHT_REDIS_SOCKET": settings.CACHE_ADDRESS.removeprefix("unix://").partition("?")[0],
            "PYTHONPATH": str(settings.BASE_DIR),
        }
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", "beatsight", "worker", "--loglevel=INFO"),
                    *("--queues=default,gpu-priority,gpu", "--pool=solo", "--concurrency=1"),
                    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
                ],
                env=environment,
                cwd=settings.BASE_DIR,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """As the kernel does when memory runs out: no goodbye."""
        self.child.kill()
        self.child.wait()

    def stop(self) -> int:
        """As an operator does; gives the exit code."""
        self.child.send_signal(signal.SIGTERM)
        return self.child.wait(timeout=AT_MOST_S)


def until(is_true: Callable[[], bool], what: str, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + AT_MOST_S
    while not is_true():
        if time.monotonic() > deadline:
            raise AssertionError(f"It never happened that {what}.")
        meanwhile()
        time.sleep(0.1)


def database_url() -> str:
    """The tests' own database, as `DATABASE_URL` names it."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{quote(str(facts['NAME']))}"
    who = f"{quote(facts['USER'])}:{quote(facts['PASSWORD'])}@" if facts["USER"] else ""
    if facts["HOST"].startswith("/"):
        return f"postgresql://{who}/{facts['NAME']}?host={facts['HOST']}"
    return f"postgresql://{who}{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
