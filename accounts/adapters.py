"""How allauth meets our people: a guest who signs up stays the same person."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from foundation import ratelimits

from .models import User
from .selectors import GUEST_KEY, guest_of
from .services import hand_over


class AccountAdapter(DefaultAccountAdapter):
    def new_user(self, request: HttpRequest) -> User:
        ratelimits.take("signup", request)
        return guest_of(request.session) or User()

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.is_guest = False
        return super().save_user(request, user, form, commit)

    def login(self, request: HttpRequest, user: User) -> None:
        guest = guest_of(request.session)
        super().login(request, user)
        request.session.pop(GUEST_KEY, None)
        if guest and guest.pk != user.pk:
            hand_over(guest, to=user)
