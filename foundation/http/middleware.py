"""Problems as pages, and what is left of a rate limit as headers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..errors import Problem, TooMany
from . import problems


class ProblemPages:
    """Answers a `Problem` that a page's view raises, and adds `RateLimit-*` to every answer that used a limit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if budget := getattr(request, "budget", None):
            response["RateLimit-Limit"] = str(budget.limit)
            response["RateLimit-Remaining"] = str(budget.remaining)
            response["RateLimit-Reset"] = str(budget.reset_s)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Problem):
            return None
        if request.headers.get("Accept", "").startswith("application/json"):
            response: HttpResponse = problems.as_json(
                request, error.status, error.title, error.detail, error.code
            )
        else:
            response = render(request, "problem.html", problems.of(error), status=error.status)
        if isinstance(error, TooMany):
            response["Retry-After"] = str(error.retry_after_s)
        return response
