"""The one socket: snapshots, updates, refusals, and who may come in by which door."""

import asyncio

import orjson
import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from django.test import Client

from accounts.models import User
from beatsight.asgi import application
from foundation import live

pytestmark = pytest.mark.django_db(transaction=True)

OURS, FOREIGN = [(b"origin", b"http://testserver")], [(b"origin", b"https://elsewhere.example")]


@live.topic("kettle")
def kettle_of(person, key: str) -> dict | None:
    """Everybody may watch the kettle; only those who signed in, the one called "private"."""
    return None if key == "private" and not person.is_authenticated else {"key": key, "litres": 1}


class Socket(ApplicationCommunicator):
    """A client of the ASGI application; `channels.testing` would bring a second web server along."""

    def __init__(self, headers: list[tuple[bytes, bytes]]):
        scope = {"type": "websocket", "path": "/ws/live/", "query_string": b"", "subprotocols": []}
        super().__init__(application, {**scope, "headers": [(b"host", b"testserver"), *headers]})

    async def connects(self) -> bool:
        await self.send_input({"type": "websocket.connect"})
        return (await self.receive_output(timeout=5))["type"] == "websocket.accept"

    async def disconnect(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(timeout=5)

    async def say(self, text: str) -> None:
        await self.send_input({"type": "websocket.receive", "text": text})

    async def ask(self, **message: str) -> dict:
        await self.say(orjson.dumps(message).decode())
        return await self.hear()

    async def hear(self) -> dict:
        return orjson.loads((await self.receive_output(timeout=5))["text"])


@pytest.fixture
async def socket():
    socket = Socket(OURS)
    assert await socket.connects()
    yield socket
    await socket.disconnect()


async def test_a_subscription_begins_with_the_present_state(socket):
    assert await socket.ask(type="subscribe", topic="kettle:red") == {
        "type": "snapshot",
        "topic": "kettle:red",
        "data": {"key": "red", "litres": 1},
    }


async def test_what_is_told_reaches_whoever_watches(socket):
    await socket.ask(type="subscribe", topic="kettle:red")
    await sync_to_async(live.tell)("kettle:blue", {"litres": 3})
    await sync_to_async(live.tell)("kettle:red", {"litres": 2})
    assert await socket.hear() == {"type": "update", "topic": "kettle:red", "data": {"litres": 2}}


async def test_after_unsubscribing_nothing_more_is_heard(socket):
    await socket.ask(type="subscribe", topic="kettle:red")
    await socket.say('{"type": "unsubscribe", "topic": "kettle:red"}')
    assert await socket.ask(type="ping") == {"type": "pong"}
    await sync_to_async(live.tell)("kettle:red", {"litres": 2})
    assert await socket.receive_nothing(timeout=0.3)


@pytest.mark.parametrize("topic", ["kettle:private", "teapot:1", ""])
async def test_what_one_may_not_watch_or_does_not_exist_is_refused(socket, topic):
    answer = await socket.ask(type="subscribe", topic=topic)
    assert answer["type"] == "refused"


@pytest.mark.parametrize("nonsense", ["", "{", "[]", "null", '{"topic": 3}', "\ud83d"])
async def test_nonsense_is_refused_and_the_socket_stays(socket, nonsense):
    await socket.say(nonsense)
    assert (await socket.hear())["type"] == "refused"
    assert await socket.ask(type="ping") == {"type": "pong"}


@pytest.mark.slow
async def test_an_idle_socket_is_still_there_after_ten_seconds(socket):
    await socket.ask(type="subscribe", topic="kettle:red")
    await asyncio.sleep(10)
    await sync_to_async(live.tell)("kettle:red", {"litres": 2})
    assert (await socket.hear())["data"] == {"litres": 2}


@pytest.mark.parametrize("headers", [FOREIGN, []])
async def test_a_foreign_page_does_not_come_in(headers):
    assert not await Socket(headers).connects()


@pytest.fixture
def token() -> str:
    User.objects.create_user("ann", "ann@example.org", "paradiddle-4-ever")
    login = {"email": "ann@example.org", "password": "paradiddle-4-ever"}
    answer = Client().post("/_allauth/app/v1/auth/login", login, content_type="application/json")
    return answer.json()["meta"]["access_token"]


async def test_an_app_comes_in_with_its_token(token):
    socket = Socket([(b"authorization", f"Bearer {token}".encode())])
    assert await socket.connects()
    assert (await socket.ask(type="subscribe", topic="kettle:private"))["type"] == "snapshot"
    await socket.disconnect()


@pytest.mark.parametrize("bad", ["nonsense", ""])
async def test_a_token_that_is_no_good_does_not_come_in(bad):
    assert not await Socket([(b"authorization", f"Bearer {bad}".encode())]).connects()


async def test_a_token_of_somebody_who_was_shut_out_does_not_come_in(token):
    await database_sync_to_async(User.objects.update)(is_active=False)
    assert not await Socket([(b"authorization", f"Bearer {token}".encode())]).connects()
