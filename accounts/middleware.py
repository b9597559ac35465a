"""`request.person`: the signed-in person, else this browser's guest, else nobody."""

from collections.abc import Callable
from typing import cast

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from .models import User
from .requests import PersonRequest
from .selectors import guest_of


class Person:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asking = cast(PersonRequest, request)
        asking.person = cast(User, SimpleLazyObject(lambda: _person(request)))
        return self.get_response(request)


def _person(request: HttpRequest) -> User | AnonymousUser:
    if request.user.is_authenticated:
        return request.user
    return guest_of(request.session) or request.user
