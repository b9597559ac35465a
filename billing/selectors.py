"""What is left of a person's plan."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User

from . import plans
from .models import RunReservation


@dataclass(frozen=True)
class Quota:
    """AI runs of the current period; `limit` and `remaining` are None where there is no limit."""

    plan: plans.Plan
    used: int

    @property
    def limit(self) -> int | None:
        return self.plan.runs_a_month

    @property
    def remaining(self) -> int | None:
        return None if self.limit is None else max(0, self.limit - self.used)


def quota_of(person: User | AnonymousUser) -> Quota:
    if not isinstance(person, User) and not person.is_authenticated:
        return Quota(plans.guest(), 0)
    plan = plans.guest() if person.is_guest else plans.free()
    counted = RunReservation.objects.filter(person=person).exclude(state=RunReservation.State.RELEASED)
    if not person.is_guest:  # a guest's one song is one for good, not one a month
        counted = counted.filter(period=current_period())
    return Quota(plan, counted.count())


def current_period() -> date:
    return timezone.now().date().replace(day=1)
