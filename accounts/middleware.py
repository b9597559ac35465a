"""`request.person`: the signed-in person, else this browser's guest, else nobody."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from .selectors import guest_of


class Person:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.person = SimpleLazyObject(lambda: _person(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _person(request: HttpRequest):  # noqa: ANN202
    if request.user.is_authenticated:
        return request.user
    return guest_of(request.session) or request.user
