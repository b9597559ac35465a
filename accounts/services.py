"""Guests: made when somebody first brings something, and turned into people when they sign up or in."""

import uuid

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from foundation.bus import publish

from .events import GuestBecamePerson
from .models import User
from .requests import PersonRequest
from .selectors import GUEST_KEY


def person_of(request: PersonRequest) -> User:
    """The signed-in person or the guest of this browser; a new guest if there was neither."""
    if isinstance(request.person, User) or request.person.is_authenticated:
        return request.person
    guest = welcome_guest(request.session)
    request.person = request.user = guest
    return guest


def welcome_guest(session: SessionBase) -> User:
    guest = User(username=f"guest-{uuid.uuid4().hex[:12]}", is_guest=True)
    guest.set_unusable_password()
    guest.save()
    session[GUEST_KEY] = str(guest.pk)
    return guest


@transaction.atomic
def hand_over(guest: User, to: User) -> None:
    """Give what a guest brought to the account that they signed in to."""
    publish(GuestBecamePerson(guest_id=guest.pk, user_id=to.pk))
    User.objects.filter(pk=guest.pk).update(is_active=False)
