"""What a page should see at once: pushed to everybody who watches a topic, best effort.

A push is never the only way to learn something: each topic has a snapshot, sent when somebody subscribes, so that a
page that lost its socket catches up by subscribing again.
"""

import logging
from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

log = logging.getLogger(__name__)

#: What a topic's snapshot function is given (the person, the part of the topic after the colon) and gives:
#: the data to show, or None if there is no such thing for this person.
Snapshot = Callable[[Any, str], dict | None]

_snapshots: dict[str, Snapshot] = {}


def topic(kind: str) -> Callable[[Snapshot], Snapshot]:
    """Register who may watch topics `kind:key`, and what they see first."""

    def register(snapshot: Snapshot) -> Snapshot:
        _snapshots[kind] = snapshot
        return snapshot

    return register


def snapshot(person: Any, name: str) -> dict | None:
    """The present state of the topic `name`, or None when `person` may not watch it."""
    kind, _, key = name.partition(":")
    return _snapshots[kind](person, key) if kind in _snapshots else None


def group_of(name: str) -> str:
    """The channel layer's group for a topic; groups may not hold a colon."""
    return name.replace(":", ".")


def tell(name: str, data: dict) -> None:
    """Push `data` to everybody who watches the topic `name`."""
    try:
        async_to_sync(get_channel_layer().group_send)(
            group_of(name), {"type": "live.update", "topic": name, "data": data}
        )
    except Exception:
        # The row is already written; whoever watches sees it with the next snapshot.
        log.warning("Could not push to %s", name, exc_info=True)
