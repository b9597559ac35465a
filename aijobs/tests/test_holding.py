"""Who owns a job: one claim wins, a lease that ran out is lost, and an old fence writes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from aijobs.models import Job
from aijobs.services import (
    LeaseLost,
    Outcome,
    cancel_job,
    claim_job,
    complete_job,
    fail_job,
    give_back_abandoned_jobs,
    give_back_job,
    renew_lease,
)
from aijobs.tests.factories import make_job, make_person, make_recording
from billing.models import RunReservation
from billing.services import reserve_run
from foundation.errors import Conflict
from foundation.storage import storage
from maps.models import MapVersion


def outcome_of_another() -> Outcome:
    return Outcome(bsm=b"{}", model_version="late", confidence=0.1)


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_who_claim_at_once_one_gets_the_job():
    job = make_job()

    def claim(_: int) -> int | None:
        try:
            return claim_job(job.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        fences = [fence for fence in pool.map(claim, range(4)) if fence is not None]
    assert fences == [1]
    job.refresh_from_db()
    assert (job.state, job.tries) == ("processing", 1)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["processing", "complete", "failed", "cancelled"])
def test_only_a_waiting_job_can_be_claimed(state):
    assert claim_job(make_job(state).pk) is None


@pytest.mark.django_db
def test_a_job_that_is_gone_can_not_be_claimed():
    job = make_job()
    Job.objects.all().delete()
    assert claim_job(job.pk) is None


@pytest.mark.django_db
def test_a_renewal_says_how_far_the_run_is_and_moves_the_lease():
    job = make_job("processing", fence=1, lease_until=timezone.now())
    before = job.lease_until
    assert renew_lease(job.pk, 1, "beats", 0.5)
    job.refresh_from_db()
    assert (job.stage, job.stage_progress) == ("beats", 0.5)
    assert job.lease_until and before and job.lease_until > before


@pytest.fixture
def taken_over(db) -> Job:
    """A job whose first worker went silent, and that a second one has claimed since: fences 1 and 2."""
    person = make_person()
    job = make_job(recording=make_recording(person), requested_by=person)
    reserve_run(person, job.pk)
    claim_job(job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert give_back_abandoned_jobs() == 1
    assert claim_job(job.pk) == 2
    job.refresh_from_db()
    return job


def test_an_old_fence_renews_nothing(taken_over):
    assert not renew_lease(taken_over.pk, 1, "store", 1)


@pytest.mark.parametrize(
    "write",
    [
        lambda job: complete_job(job.pk, 1, outcome_of_another()),
        lambda job: fail_job(job.pk, 1, "broken", "It is broken."),
        lambda job: give_back_job(job.pk, 1, "worker_died", "It died."),
    ],
    ids=["complete", "fail", "give back"],
)
def test_an_old_fence_writes_nothing(write, taken_over):
    with pytest.raises(LeaseLost):
        write(taken_over)
    before = Job.objects.filter(pk=taken_over.pk).values().get()
    assert (before["state"], before["fence"], before["tries"]) == ("processing", 2, 2)
    assert not MapVersion.objects.exists()
    assert not list(storage().keys(f"maps/unverified/{taken_over.recording.song_id}/"))


def test_a_job_that_was_cancelled_takes_no_result(taken_over):
    cancel_job(taken_over.pk)
    with pytest.raises(LeaseLost):
        complete_job(taken_over.pk, 2, outcome_of_another())
    assert not MapVersion.objects.exists()


@pytest.mark.django_db
def test_a_lease_that_still_runs_is_left_alone():
    make_job("processing")
    assert give_back_abandoned_jobs() == 0


@pytest.mark.django_db
def test_a_job_whose_worker_died_three_times_fails_with_a_reason_and_its_run_is_given_back(settings):
    person = make_person()
    job = make_job(recording=make_recording(person), requested_by=person)
    reserve_run(person, job.pk)
    for _ in range(settings.JOB_MAX_TRIES):
        assert claim_job(job.pk) is not None
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        give_back_abandoned_jobs()
    job.refresh_from_db()
    assert (job.state, job.error_code, job.tries) == ("failed", "worker_died", 3)
    assert "3 times" in job.error_detail
    assert RunReservation.objects.get(job_id=job.pk).state == "released"


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["queued", "processing"])
def test_an_active_job_is_cancelled_at_once_and_its_run_given_back(state):
    person = make_person()
    job = make_job(state, make_recording(person), requested_by=person)
    reserve_run(person, job.pk)
    cancel_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.lease_until) == ("cancelled", None)
    assert RunReservation.objects.get(job_id=job.pk).state == "released"


@pytest.mark.django_db
def test_cancelling_twice_is_once():
    job = make_job("cancelled")
    assert cancel_job(job.pk).state == "cancelled"


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["complete", "failed"])
def test_a_job_that_has_ended_can_not_be_cancelled(state):
    with pytest.raises(Conflict):
        cancel_job(make_job(state).pk)
