"""No request's body is larger than it may be, counted while it arrives.

Django reads a body to its end before a view runs; without this a single request could fill the disk.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson

from . import problems

Send = Callable[[dict], Awaitable[None]]
Receive = Callable[[], Awaitable[dict]]

#: Pages, forms and API calls; a map imported by hand is the largest of them.
ORDINARY_BYTES = 16 * 1024 * 1024


class BodyTooLarge(Exception):
    pass


class BodyLimit:
    """ASGI: answers 413 as soon as a body is over its limit. `limits` maps a path's beginning to bytes."""

    def __init__(self, application: Any, limits: dict[str, int]) -> None:
        self.application, self.limits = application, limits

    async def __call__(self, scope: dict, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.application(scope, receive, send)
        limit = next((b for path, b in self.limits.items() if scope["path"].startswith(path)), ORDINARY_BYTES)
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > limit:
            return await _refuse(send)
        arrived = 0

        async def counted() -> dict:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > limit:
                raise BodyTooLarge
            return message

        try:
            await self.application(scope, counted, send)
        except BodyTooLarge:
            await _refuse(send)


async def _refuse(send: Send) -> None:
    document = problems.body(
        413, "Too large", "The file is larger than allowed. Send a smaller one.", "too_large"
    )
    headers = [(b"content-type", problems.CONTENT_TYPE.encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(document)})
