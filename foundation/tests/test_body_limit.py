"""A body is refused while it arrives, not after it has filled the disk."""

from asgiref.testing import ApplicationCommunicator

from foundation.http.body_limit import BodyLimit


async def reads_to_the_end(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def status_of(chunks: list[bytes], headers: list | None = None, path: str = "/storage/put/x") -> int:
    scope = {"type": "http", "method": "PUT", "path": path, "headers": headers or []}
    talk = ApplicationCommunicator(BodyLimit(reads_to_the_end, {"/storage/put/": 100}), scope)
    for number, chunk in enumerate(chunks, 1):
        await talk.send_input({"type": "http.request", "body": chunk, "more_body": number < len(chunks)})
    return (await talk.receive_output())["status"]


async def test_a_body_within_the_limit_passes():
    assert await status_of([b"x" * 50, b"x" * 50]) == 200


async def test_a_body_that_grows_over_the_limit_is_refused():
    assert await status_of([b"x" * 60, b"x" * 60, b"x" * 60]) == 413


async def test_a_body_announced_over_the_limit_is_refused_unread():
    assert await status_of([b""], headers=[(b"content-length", b"101")]) == 413


async def test_other_addresses_have_the_ordinary_limit():
    assert await status_of([b"x" * 200], path="/api/v1/songs") == 200
