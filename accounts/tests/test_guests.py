"""A guest is the same person after signing up, and hands over what they brought when they sign in."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import User
from accounts.selectors import GUEST_KEY
from accounts.services import welcome_guest
from foundation.models import OutboxEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def guest(client) -> User:
    session = client.session
    guest = welcome_guest(session)
    session.save()
    return guest


def sign_up(client):
    form = {"email": "ann@example.org", "username": "ann", "password1": "paradiddle-4-ever"}
    return client.post(reverse("account_signup"), form)


def test_looking_around_makes_nobody(client):
    client.get("/healthz")
    assert not User.objects.exists()


def test_a_guest_who_signs_up_stays_the_same_person(client, guest):
    assert sign_up(client).status_code == 302
    person = User.objects.get()
    assert (person.pk, person.username, person.email, person.is_guest) == (
        guest.pk,
        "ann",
        "ann@example.org",
        False,
    )
    assert GUEST_KEY not in client.session


def test_a_guest_who_signs_in_hands_over_what_they_brought(client, guest):
    User.objects.create_user("ann", "ann@example.org", "paradiddle-4-ever")
    client.post(reverse("account_login"), {"login": "ann@example.org", "password": "paradiddle-4-ever"})
    guest.refresh_from_db()
    assert not guest.is_active
    assert OutboxEvent.objects.filter(name="accounts.events.GuestBecamePerson").count() == 1


def test_an_app_signs_in_and_uses_its_token(client):
    User.objects.create_user("ann", "ann@example.org", "paradiddle-4-ever")
    login = {"email": "ann@example.org", "password": "paradiddle-4-ever"}
    answer = client.post("/_allauth/app/v1/auth/login", login, content_type="application/json").json()
    token = answer["meta"]["access_token"]
    assert client.get("/api/v1/songs", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    refused = client.get("/api/v1/songs", headers={"Authorization": "Bearer nonsense"})
    assert (refused.status_code, refused["Content-Type"]) == (401, "application/problem+json")


def test_signing_up_too_often_from_one_address_is_refused(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"signup": (0, 3600)}
    answer = sign_up(client)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_a_guest_is_never_staff(db):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        User.objects.create(username="x", is_guest=True, is_staff=True)
