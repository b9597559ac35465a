"""How often a person, or an address that nobody has signed in from, may ask for something."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from .errors import TooMany


@dataclass(frozen=True)
class Budget:
    """What is left of a limit: `limit` times in a window, `remaining` now, full again in `reset_s` seconds."""

    limit: int
    remaining: int
    reset_s: int


def take(scope: str, request: HttpRequest) -> Budget:
    """Use one of the asker's times; raise `TooMany` when none is left. The middleware tells the asker the rest."""
    limit, window_s = settings.RATE_LIMITS[scope]
    window, into_s = divmod(int(time.time()), window_s)
    key = f"rate:{scope}:{_asker(request)}:{window}"
    cache.add(key, 0, timeout=window_s)
    used = cache.incr(key)
    budget = Budget(limit, max(0, limit - used), window_s - into_s)
    request.budget = budget  # type: ignore[attr-defined]
    if used > limit:
        raise TooMany(
            "rate_limited",
            f"That was asked for {limit} times in a short while. Try again in {_minutes(budget.reset_s)}.",
            retry_after_s=budget.reset_s,
        )
    return budget


def _asker(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and not getattr(user, "is_guest", False):
        return str(user.pk)
    return request.META.get("REMOTE_ADDR", "unknown")


def _minutes(seconds: int) -> str:
    minutes = max(1, round(seconds / 60))
    return "a minute" if minutes == 1 else f"{minutes} minutes"
