"""Delivering events, and sweeping up those that a dead process left."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from . import bus
from .models import Delivery, KeptAnswer, OutboxEvent


@shared_task
def deliver_one(delivery_id: int) -> None:
    bus.deliver(delivery_id)


@shared_task
def sweep_outbox() -> None:
    """Deliver what is due and wasn't, then forget what is old and done."""
    due = Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=timezone.now())
    for delivery_id in due.order_by("pk").values_list("pk", flat=True)[:500]:
        bus.deliver(delivery_id)
    month_ago = timezone.now() - timedelta(days=30)
    unfinished = Delivery.objects.exclude(state=Delivery.State.DELIVERED).values("event_id")
    OutboxEvent.objects.filter(created_at__lt=month_ago).exclude(pk__in=unfinished).delete()
    KeptAnswer.objects.filter(created_at__lt=timezone.now() - timedelta(days=2)).delete()
