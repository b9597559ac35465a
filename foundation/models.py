"""Tables that every room shares: the outbox, its deliveries, and answers kept for repeated requests."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone


class TimestampedModel(models.Model):
    """A row that knows its unguessable id, when it was made and when it last changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class OutboxEvent(models.Model):
    """One thing that happened, written in the transaction in which it happened."""

    name = models.CharField(max_length=200)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class Delivery(models.Model):
    """One event on its way to one `@after` subscriber."""

    CLAIM = timedelta(seconds=60)
    MAX_ATTEMPTS = 10

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        GIVEN_UP = "given_up"

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["event", "subscriber"], name="one_delivery_for_event_and_subscriber"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(state="waiting"), name="deliveries_that_are_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.subscriber}"

    def postpone(self, error: str) -> None:
        """Try again later: after 2, 4, 8 … s, at most 10 minutes apart; give up after MAX_ATTEMPTS."""
        self.last_error = error[:2000]
        self.due_at = timezone.now() + timedelta(seconds=min(2**self.attempts, 600))
        if self.attempts >= self.MAX_ATTEMPTS:
            self.state = self.State.GIVEN_UP
        self.save(update_fields=["last_error", "due_at", "state"])


class KeptAnswer(models.Model):
    """The answer to a request that carried an `Idempotency-Key`, given again when the request comes again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="one_answer_for_person_and_key")
        ]

    def __str__(self) -> str:
        return f"{self.key} → {self.status}"
