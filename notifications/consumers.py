"""The one socket. A page says which topics it watches; it gets a snapshot of each, then every change.

Messages in: `{"type": "subscribe" | "unsubscribe", "topic": "job:…"}` and `{"type": "ping"}`.
Messages out: `snapshot`, `update` (both with `topic` and `data`), `refused` (with `topic`) and `pong`.
"""

from typing import Any

import orjson
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from accounts.selectors import guest_of
from foundation import live

MAX_TOPICS = 50


class LiveConsumer(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        self.topics: set[str] = set()
        self.person = await self._find_person()
        await self.accept()

    async def disconnect(self, code: int) -> None:
        for topic in self.topics:
            await self.channel_layer.group_discard(live.group_of(topic), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            message = orjson.loads(text_data or "")
            kind, topic = str(message["type"]), str(message.get("topic", ""))
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            return await self._send(type="refused", topic="", detail="Messages are JSON objects with a type.")
        if kind == "ping":
            await self._send(type="pong")
        elif kind == "subscribe":
            await self._subscribe(topic)
        elif kind == "unsubscribe" and topic in self.topics:
            self.topics.discard(topic)
            await self.channel_layer.group_discard(live.group_of(topic), self.channel_name)

    async def live_update(self, event: dict) -> None:
        """Called by the channel layer with what `foundation.live.tell` pushed."""
        await self._send(type="update", topic=event["topic"], data=event["data"])

    async def _subscribe(self, topic: str) -> None:
        if len(self.topics) >= MAX_TOPICS and topic not in self.topics:
            return await self._send(type="refused", topic=topic)
        # Who may watch is asked before joining; joining comes before the snapshot that is sent, so that no change
        # falls between the two.
        if await self._snapshot(topic) is None:
            return await self._send(type="refused", topic=topic)
        self.topics.add(topic)
        await self.channel_layer.group_add(live.group_of(topic), self.channel_name)
        await self._send(type="snapshot", topic=topic, data=await self._snapshot(topic))

    async def _send(self, **message: Any) -> None:
        await self.send(text_data=orjson.dumps(message, default=str).decode())

    @database_sync_to_async
    def _snapshot(self, topic: str) -> dict | None:
        return live.snapshot(self.person, topic)

    @database_sync_to_async
    def _find_person(self) -> Any:
        user = self.scope["user"]
        return user if user.is_authenticated else guest_of(self.scope["session"]) or user
