"""Is the site up, and can it do its work?"""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the site serves."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database and Redis answer, else 503 with the name of what doesn't."""
    checks = {"database": _database, "redis": _redis}
    state = {}
    for name, check in checks.items():
        try:
            check()
            state[name] = "ok"
        except Exception as error:
            state[name] = type(error).__name__
    is_ready = set(state.values()) == {"ok"}
    return JsonResponse(
        {"status": "ok" if is_ready else "not ready", **state}, status=200 if is_ready else 503
    )


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _redis() -> None:
    cache.set("readyz", 1, 5)
