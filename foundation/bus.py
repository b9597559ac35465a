"""Events: what happened, told to whoever wants to know, and never lost.

`publish(event)` writes an outbox row in the caller's transaction. `@on` subscribers run at once inside that
transaction and succeed or fail with it (a ledger, an audit). `@after` subscribers run once it is committed, in a
Celery worker, each delivery a row of its own: retried with back-off, and delivered by a sweep when the process that
should have done it is dead. An `@after` subscriber may run twice and must be idempotent.
"""

import dataclasses
import logging
import typing
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from .models import Delivery, OutboxEvent

log = logging.getLogger(__name__)

T = typing.TypeVar("T")

_events: dict[str, type] = {}
_on: dict[type, list[Callable]] = defaultdict(list)
_after: dict[type, list[Callable]] = defaultdict(list)


@typing.dataclass_transform(frozen_default=True)
def event(cls: type[T]) -> type[T]:
    """Make a class an event: a frozen dataclass of ids and values, named in the past tense."""
    frozen = dataclasses.dataclass(frozen=True)(cls)
    _events[name_of(frozen)] = frozen
    return frozen


def on(event_class: type) -> Callable[[Callable], Callable]:
    """Run the decorated function inside the transaction that publishes."""

    def register(subscriber: Callable) -> Callable:
        _on[event_class].append(subscriber)
        return subscriber

    return register


def after(event_class: type) -> Callable[[Callable], Callable]:
    """Run the decorated function after the commit, in a worker, at least once."""

    def register(subscriber: Callable) -> Callable:
        _after[event_class].append(subscriber)
        return subscriber

    return register


def publish(happened: Any) -> None:
    """Record `happened` and tell its subscribers. Must be called inside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "publish() belongs inside the transaction of its change."
        )
    row = OutboxEvent.objects.create(name=name_of(type(happened)), payload=_to_json(happened))
    deliveries = Delivery.objects.bulk_create(
        Delivery(event=row, subscriber=name_of(subscriber)) for subscriber in _after[type(happened)]
    )
    for subscriber in _on[type(happened)]:
        subscriber(happened)
    for delivery in deliveries:
        transaction.on_commit(partial(_ask_a_worker, delivery.pk), robust=True)


def deliver(delivery_id: int) -> bool:
    """Run one `@after` subscriber if its delivery is still due; True when it ran to its end."""
    now = timezone.now()
    # The claim is one conditional update, so that two workers never hold the same delivery; it lapses by itself.
    claimed = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.WAITING, due_at__lte=now).update(
        due_at=now + Delivery.CLAIM, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    delivery = Delivery.objects.select_related("event").get(pk=delivery_id)
    try:
        _subscriber(delivery)(_from_json(delivery.event))
    except Exception as error:
        log.exception("%s failed on %s", delivery.subscriber, delivery.event.name)
        delivery.postpone(f"{type(error).__name__}: {error}")
        return False
    Delivery.objects.filter(pk=delivery_id).update(state=Delivery.State.DELIVERED, last_error="")
    return True


def name_of(thing: Any) -> str:
    return f"{thing.__module__}.{thing.__qualname__}"


def _ask_a_worker(delivery_id: int) -> None:
    from .tasks import deliver_one

    deliver_one.apply_async([delivery_id], retry=False)


def _subscriber(delivery: Delivery) -> Callable:
    for subscriber in _after[_events[delivery.event.name]]:
        if name_of(subscriber) == delivery.subscriber:
            return subscriber
    raise LookupError(f"No subscriber is called {delivery.subscriber} any more.")


def _to_json(happened: Any) -> dict:
    values = {field.name: getattr(happened, field.name) for field in dataclasses.fields(happened)}
    return {name: str(value) if isinstance(value, UUID) else value for name, value in values.items()}


def _from_json(row: OutboxEvent) -> Any:
    cls = _events[row.name]
    kinds = typing.get_type_hints(cls)
    values = {
        name: UUID(v) if kinds[name] is UUID and v else v for name, v in row.payload.items() if name in kinds
    }
    return cls(**values)
