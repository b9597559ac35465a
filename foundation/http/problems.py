"""Every refusal as RFC 9457 `application/problem+json`."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from ..errors import Problem

CONTENT_TYPE = "application/problem+json"


def body(status: int, title: str, detail: str, code: str, errors: Any = None, **extra: Any) -> dict:
    """The members of a problem document; `type` is a stable address of its kind."""
    document = {"type": f"/problems/{code}", "title": title, "status": status, "detail": detail, "code": code}
    return document | ({"errors": errors} if errors else {}) | extra


def of(problem: Problem) -> dict:
    return body(problem.status, problem.title, problem.detail, problem.code, problem.errors, **problem.extra)


def answer(error: Exception, context: dict) -> Response | None:
    """DRF's exception handler; None for what nobody foresaw, which Django then logs and answers with 500."""
    if isinstance(error, Problem):
        retry_after = getattr(error, "retry_after_s", None)
        headers = {"Retry-After": str(retry_after)} if retry_after else None
        return Response(of(error), error.status, headers=headers, content_type=CONTENT_TYPE)
    if isinstance(error, RequestDataTooBig):
        told = "The request is larger than this address takes. Send less at once."
        return Response(body(413, "Too large", told, "too_large"), 413, content_type=CONTENT_TYPE)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, Http404):
        document = body(404, "Not found", "There is nothing here, or it isn't yours to see.", "not_found")
    elif isinstance(error, PermissionDenied):
        document = body(403, "Not allowed", "You may not do that.", "forbidden")
    elif isinstance(error, exceptions.ValidationError):
        document = body(
            400, "That doesn't fit", "Some fields need another value.", "invalid", _by_field(error.detail)
        )
    else:
        assert isinstance(error, exceptions.APIException)
        code = error.get_codes() if isinstance(error.get_codes(), str) else "invalid"
        title = HTTPStatus(response.status_code).phrase
        document = body(response.status_code, title, str(error.detail), str(code))
    response.data, response.content_type = document, CONTENT_TYPE
    return response


def as_json(request: HttpRequest, status: int, title: str, detail: str, code: str) -> JsonResponse:
    """A problem outside of DRF, for addresses under /api/."""
    return JsonResponse(body(status, title, detail, code), status=status, content_type=CONTENT_TYPE)


def _by_field(detail: Any) -> dict[str, list[str]]:
    if isinstance(detail, dict):
        return {
            field: [str(line) for line in (v if isinstance(v, list) else [v])] for field, v in detail.items()
        }
    return {"non_field_errors": [str(line) for line in detail]}
