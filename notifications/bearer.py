"""The socket's two doors: an app shows its token, a browser its cookie and the page that it comes from.

A browser can't set the Authorization header of a WebSocket, so a request that carries one comes from no foreign page,
and its Origin, if it has any, says nothing.
"""

from typing import Any

from allauth.headless.tokens.strategies.jwt.internal import validate_access_token
from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.security.websocket import AllowedHostsOriginValidator, WebsocketDenier

from accounts.models import User


class AppOrBrowser:
    """ASGI: lets `application` know who asks, by token or by session; refuses a token that is no longer good."""

    def __init__(self, application: Any) -> None:
        self.for_app = application
        self.for_browser = AllowedHostsOriginValidator(AuthMiddlewareStack(application))

    async def __call__(self, scope: dict, receive: Any, send: Any) -> None:
        scheme, _, token = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1").partition(" ")
        if scheme != "Bearer":
            return await self.for_browser(scope, receive, send)
        person = await _person_of(token)
        if person is None:
            return await WebsocketDenier()(scope, receive, send)
        return await self.for_app({**scope, "user": person, "session": None}, receive, send)


@database_sync_to_async
def _person_of(token: str) -> User | None:
    found = validate_access_token(token)
    return found[0] if found and found[0].is_active else None
