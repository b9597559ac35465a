"""Django's own refusals, in words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from foundation.http import problems


def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400, "That can't be read", "This request makes no sense here.", "malformed")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, "Not allowed", "You may not open this page.", "forbidden")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, "Not found", "There is nothing here, or it isn't yours to see.", "not_found")


def broken(request: HttpRequest) -> HttpResponse:
    detail = "That is our fault, and it has been written down. Try again in a moment."
    return _answer(request, 500, "Something broke", detail, "internal")


def _answer(request: HttpRequest, status: int, title: str, detail: str, code: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problems.as_json(request, status, title, detail, code)
    context = {"status": status, "title": title, "detail": detail, "code": code}
    return render(request, "problem.html", context, status=status)
