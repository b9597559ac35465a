"""Real Celery workers for the tests: processes of their own, on the tests' database, storage and broker."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from aijobs.tests.waiting import AT_MOST_S


class Worker:
    """`celery -A beatsight worker` for all queues of jobs, on the folder that holds storage and runs."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "worker.log"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
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


def database_url() -> str:
    """The tests' own database, as `DATABASE_URL` names it."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{quote(str(facts['NAME']))}"
    who = f"{quote(facts['USER'])}:{quote(facts['PASSWORD'])}@" if facts["USER"] else ""
    if facts["HOST"].startswith("/"):
        return f"postgresql://{who}/{facts['NAME']}?host={facts['HOST']}"
    return f"postgresql://{who}{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
