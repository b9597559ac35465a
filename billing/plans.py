"""The plans, readable by whoever does the books."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Plan:
    """A plan: how many AI runs a calendar month (UTC) it holds (None: as many as one likes), and whether its jobs
    are served before others.
    """

    name: str
    label: str
    runs_a_month: int | None
    is_priority: bool = False


def free() -> Plan:
    """Everybody's plan. Without payments runs are unlimited, unless the operator sets a limit."""
    return Plan("free", "Free", settings.FREE_RUNS_A_MONTH)


def guest() -> Plan:
    """Somebody who hasn't signed up may try one song."""
    return Plan("guest", "Guest", 1)
