"""A run's hold on its job: renewed by a thread of its own, so that neither a silent ear nor a slow upload loses it."""

import logging
import threading
import time
from types import TracebackType

from django.conf import settings
from django.db import DatabaseError, connection

from .services import renew_lease
from .states import Stage

log = logging.getLogger(__name__)


class Lease:
    """While entered, says every `JOB_LEASE_RENEWAL_S` that the run is alive and how far it is."""

    def __init__(self, job_id, fence: int) -> None:  # noqa: ANN001 - a UUID, or its text
        self.job_id, self.fence = job_id, fence
        self.stage, self.progress = str(Stage.DECODE), 0.0
        self.is_lost = False
        self._is_over = False
        self._nudge = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"lease of {job_id}", daemon=True)

    def __enter__(self) -> "Lease":
        self._thread.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, where: TracebackType | None) -> None:
        self._is_over = True
        self._nudge.set()
        self._thread.join()

    def reached(self, stage: str, progress: float) -> None:
        """Note how far the run is; a new stage is written to the database at once, progress with the next renewal."""
        is_new_stage = stage != self.stage
        self.stage, self.progress = stage, progress
        if is_new_stage:
            self._nudge.set()

    def _keep(self) -> None:
        began = renewed = time.monotonic()
        try:
            while True:
                self._nudge.wait(settings.JOB_LEASE_RENEWAL_S)
                self._nudge.clear()
                if self._is_over:
                    return
                # A run that hangs must not hold its job for ever; a slow ear is noticed, and ended, before.
                if time.monotonic() - began > settings.JOB_MAX_RUN_S + settings.JOB_LEASE_S:
                    break
                try:
                    if not renew_lease(self.job_id, self.fence, self.stage, self.progress):
                        break
                    renewed = time.monotonic()
                except DatabaseError:
                    log.warning("Could not renew the lease of job %s", self.job_id, exc_info=True)
                    if time.monotonic() - renewed > settings.JOB_LEASE_S:
                        break
            self.is_lost = True
        finally:
            connection.close()
