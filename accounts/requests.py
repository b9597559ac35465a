"""The type of a request after the middleware: it knows who asks."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from .models import User


class PersonRequest(HttpRequest):
    """`person`: the signed-in person, else this browser's guest, else nobody."""

    person: User | AnonymousUser
