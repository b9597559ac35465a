"""Nothing that happened is lost: not by a rollback, not by a dead process, not by a failing subscriber."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from foundation import bus
from foundation.models import Delivery, OutboxEvent
from foundation.tasks import sweep_outbox


@bus.event
class KettleBoiled:
    kettle_id: UUID
    litres: float


heard: list[KettleBoiled] = []
inside: list[KettleBoiled] = []
broken = {"is_broken": False}


@bus.on(KettleBoiled)
def writes_the_ledger(happened: KettleBoiled) -> None:
    inside.append(happened)


@bus.after(KettleBoiled)
def makes_tea(happened: KettleBoiled) -> None:
    if broken["is_broken"]:
        raise RuntimeError("no cups")
    heard.append(happened)


@pytest.fixture(autouse=True)
def silence():
    heard.clear()
    inside.clear()
    broken["is_broken"] = False


def boil() -> KettleBoiled:
    happened = KettleBoiled(kettle_id=uuid4(), litres=1.5)
    with transaction.atomic():
        bus.publish(happened)
    return happened


@pytest.mark.django_db(transaction=True)
def test_subscribers_hear_the_event_as_it_was_published():
    happened = boil()
    assert inside == [happened]
    assert heard == [happened]


@pytest.mark.django_db(transaction=True)
def test_an_event_of_a_transaction_that_fails_never_happened():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        bus.publish(KettleBoiled(kettle_id=uuid4(), litres=1.0))
        raise ZeroDivisionError
    assert heard == []
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_of_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        bus.publish(KettleBoiled(kettle_id=uuid4(), litres=1.0))


@pytest.mark.django_db(transaction=True)
def test_the_sweep_delivers_what_a_dead_process_left(monkeypatch):
    monkeypatch.setattr(bus, "_ask_a_worker", lambda delivery_id: None)  # killed between commit and sending
    happened = boil()
    assert heard == []
    sweep_outbox()
    assert heard == [happened]


@pytest.mark.django_db(transaction=True)
def test_a_subscriber_that_fails_is_tried_again_later():
    broken["is_broken"] = True
    happened = boil()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.last_error) == ("waiting", 1, "RuntimeError: no cups")
    assert delivery.due_at > timezone.now()

    broken["is_broken"] = False
    Delivery.objects.update(due_at=timezone.now())
    sweep_outbox()
    assert heard == [happened]
    assert Delivery.objects.get().state == Delivery.State.DELIVERED


@pytest.mark.django_db(transaction=True)
def test_a_subscriber_that_never_succeeds_is_given_up_with_its_error_kept():
    broken["is_broken"] = True
    boil()
    for _ in range(Delivery.MAX_ATTEMPTS):
        Delivery.objects.update(due_at=timezone.now())
        sweep_outbox()
    delivery = Delivery.objects.get()
    assert delivery.state == Delivery.State.GIVEN_UP
    assert "no cups" in delivery.last_error


@pytest.mark.django_db(transaction=True)
def test_a_delivery_that_another_worker_holds_is_left_alone(monkeypatch):
    monkeypatch.setattr(bus, "_ask_a_worker", lambda delivery_id: None)
    boil()
    Delivery.objects.update(due_at=timezone.now() + timedelta(seconds=30))
    assert bus.deliver(Delivery.objects.get().pk) is False
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_an_event_delivered_twice_runs_its_subscriber_once():
    boil()
    assert bus.deliver(Delivery.objects.get().pk) is False
    assert len(heard) == 1
