"""Runs of a plan: reserved, settled, given back, and never counted twice."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.models import User
from accounts.services import hand_over
from billing.models import RunReservation
from billing.selectors import current_period, quota_of
from billing.services import release_run, reserve_run, settle_run
from foundation.errors import PaymentRequired


def make_person(**facts) -> User:
    return User.objects.create(username=f"person-{uuid.uuid4().hex[:8]}", **facts)


@pytest.fixture
def person(db, settings):
    settings.FREE_RUNS_A_MONTH = 2
    return make_person()


def test_a_run_is_reserved_and_counts(person):
    reserve_run(person, uuid.uuid4())
    assert (quota_of(person).used, quota_of(person).remaining) == (1, 1)


def test_a_job_reserves_once(person):
    job_id = uuid.uuid4()
    assert reserve_run(person, job_id) == reserve_run(person, job_id)
    assert quota_of(person).used == 1


def test_a_settled_run_counts(person):
    job_id = uuid.uuid4()
    reserve_run(person, job_id)
    settle_run(job_id)
    assert quota_of(person).used == 1


def test_a_released_run_does_not_count(person):
    job_id = uuid.uuid4()
    reserve_run(person, job_id)
    release_run(job_id)
    assert quota_of(person).used == 0


def test_a_released_run_is_reserved_again_when_its_job_is_tried_again(person):
    job_id = uuid.uuid4()
    reserve_run(person, job_id)
    release_run(job_id)
    assert reserve_run(person, job_id).state == "reserved"
    assert quota_of(person).used == 1


def test_a_settled_run_is_not_released(person):
    job_id = uuid.uuid4()
    reserve_run(person, job_id)
    settle_run(job_id)
    release_run(job_id)
    assert RunReservation.objects.get().state == "settled"


def test_settling_what_was_never_reserved_is_fine(person):
    settle_run(uuid.uuid4())
    assert not RunReservation.objects.exists()


def test_the_last_run_is_followed_by_a_refusal_with_the_limit(person):
    for _ in range(2):
        reserve_run(person, uuid.uuid4())
    with pytest.raises(PaymentRequired) as refused:
        reserve_run(person, uuid.uuid4())
    assert (refused.value.code, refused.value.extra["limit"]) == ("quota_exhausted", 2)


def test_last_months_runs_do_not_count(person):
    reserve_run(person, uuid.uuid4())
    RunReservation.objects.update(period=(current_period() - timedelta(days=1)).replace(day=1))
    assert quota_of(person).used == 0


@pytest.mark.django_db
def test_without_a_limit_runs_are_unlimited(settings):
    settings.FREE_RUNS_A_MONTH = None
    person = make_person()
    for _ in range(5):
        reserve_run(person, uuid.uuid4())
    assert quota_of(person).remaining is None


@pytest.mark.django_db
def test_a_guest_has_one_run_for_good():
    guest = make_person(is_guest=True)
    reserve_run(guest, uuid.uuid4())
    RunReservation.objects.update(period=(current_period() - timedelta(days=1)).replace(day=1))
    with pytest.raises(PaymentRequired) as refused:
        reserve_run(guest, uuid.uuid4())
    assert "Sign up" in refused.value.detail


def test_a_guests_run_goes_with_the_guest(person):
    guest = make_person(is_guest=True)
    reserve_run(guest, uuid.uuid4())
    hand_over(guest, to=person)
    assert quota_of(person).used == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "closed_at"), [("reserved", timezone.now()), ("settled", None), ("released", None)]
)
def test_a_closed_reservation_must_say_when(state, closed_at):
    with pytest.raises(IntegrityError):
        RunReservation.objects.create(
            person=make_person(),
            job_id=uuid.uuid4(),
            plan="free",
            period=current_period(),
            state=state,
            closed_at=closed_at,
        )


@pytest.mark.django_db(transaction=True)
def test_of_many_who_reserve_at_once_no_more_get_a_run_than_the_plan_holds(settings):
    settings.FREE_RUNS_A_MONTH = 2
    person = make_person()

    def reserve(_: int) -> bool:
        try:
            reserve_run(person, uuid.uuid4())
        except PaymentRequired:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        got = list(pool.map(reserve, range(6)))
    assert got.count(True) == 2
