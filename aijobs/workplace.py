"""A folder for one run, locked while the run lives; what a killed worker left is removed when the next one starts."""

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """An empty folder for as long as the block runs."""
    settings.RUNS_DIR.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=settings.RUNS_DIR))
    try:
        with _lock_of(folder).open("x") as lock:
            # The kernel lets go of the lock when the process dies, however it dies.
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        _remove(folder)


def clear_workplaces() -> int:
    """Remove the folders whose run is dead; gives their number."""
    amount = 0
    for folder in settings.RUNS_DIR.glob("*/"):
        if _is_abandoned(folder):
            _remove(folder)
            amount += 1
    return amount


def _is_abandoned(folder: Path) -> bool:
    try:
        with _lock_of(folder).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except OSError:  # locked by a living run, or not locked yet
        return False


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _lock_of(folder).unlink(missing_ok=True)
