"""Who asks: a signed-in person or a guest of this browser, by session cookie with CSRF."""

from typing import Any

from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request


class BrowserSession(SessionAuthentication):
    """Takes the person that the accounts room's middleware found, guests among them."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        person = getattr(request._request, "person", None)
        if person is None or not person.is_authenticated or not person.is_active:
            return None
        self.enforce_csrf(request)
        return person, None

    def authenticate_header(self, request: Request) -> str:
        # With a challenge DRF answers 401 to the anonymous; without one it would say 403.
        return "Session"
