"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable

#: Longer than anything here takes on a slow machine; a wait that ends by it is a failure.
AT_MOST_S = 60


def until(is_true: Callable[[], bool], what: str, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Look ten times a second, doing something `meanwhile`, until `is_true()`."""
    deadline = time.monotonic() + AT_MOST_S
    while not is_true():
        if time.monotonic() > deadline:
            raise AssertionError(f"It never happened that {what}.")
        meanwhile()
        time.sleep(0.1)
