"""Reserve, settle, release: a run is taken from the plan when asked for and given back unless it made a map."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from foundation.errors import PaymentRequired

from .models import RunReservation
from .selectors import current_period, quota_of


@transaction.atomic
def reserve_run(person: User, job_id: UUID) -> RunReservation:
    """Take one run for `job_id`. Raises `PaymentRequired` (402) when none is left. Twice for a job is once."""
    User.objects.select_for_update().get(pk=person.pk)  # one reservation a person at a time
    before = RunReservation.objects.filter(job_id=job_id).first()
    if before and before.state != RunReservation.State.RELEASED:
        return before
    quota = quota_of(person)
    if quota.remaining == 0:
        raise PaymentRequired("quota_exhausted", _nothing_left(person, quota.limit), limit=quota.limit)
    # A job that failed and is tried again takes its released run back.
    reserved = {"state": RunReservation.State.RESERVED, "closed_at": None, "person": person}
    facts = {"plan": quota.plan.name, "period": current_period()}
    return RunReservation.objects.update_or_create(job_id=job_id, defaults=reserved | facts)[0]


def settle_run(job_id: UUID) -> None:
    """The job made its map: the run is used."""
    _close(job_id, RunReservation.State.SETTLED)


def release_run(job_id: UUID) -> None:
    """The job failed or was cancelled: the run is given back."""
    _close(job_id, RunReservation.State.RELEASED)


def hand_over_runs(guest_id: UUID, user_id: UUID) -> None:
    """What a guest has used counts for the person that the guest became."""
    RunReservation.objects.filter(person_id=guest_id).update(person_id=user_id)


def _close(job_id: UUID, state: str) -> None:
    reserved = RunReservation.objects.filter(job_id=job_id, state=RunReservation.State.RESERVED)
    reserved.update(state=state, closed_at=timezone.now())


def _nothing_left(person: User, limit: int | None) -> str:
    if person.is_guest:
        return "A guest can try one song. Sign up, it is free, and go on with the next."
    return f"All {limit} AI runs of this month are used. They come back on the first of the next month."
