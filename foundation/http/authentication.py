"""Who asks: a signed-in person or a guest of this browser, by session cookie with CSRF."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
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


class BrowserSessionInSchema(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes it. drf-spectacular finds it by being imported."""

    target_class = BrowserSession
    name = "browserSession"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
