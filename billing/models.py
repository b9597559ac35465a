"""Reservations of AI runs. What a person has used is counted from these rows and from nothing else."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.models import TimestampedModel


class RunReservation(TimestampedModel):
    """One AI run taken from a person's plan: reserved when asked for, settled when it gave a map, else released."""

    class State(models.TextChoices):
        RESERVED = "reserved"
        SETTLED = "settled"
        RELEASED = "released"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="run_reservations"
    )
    job_id = models.UUIDField(unique=True)
    plan = models.CharField(max_length=20)
    period = models.DateField(help_text="The first day of the month that it counts for.")
    state = models.CharField(max_length=10, choices=State, default=State.RESERVED)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "period", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="reserved", closed_at__isnull=True)
                | (~Q(state="reserved") & Q(closed_at__isnull=False)),
                name="a_closed_reservation_says_when",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.period:%B %Y} · {self.state}"
