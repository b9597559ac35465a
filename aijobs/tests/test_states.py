"""The table of a job's states, multiplied out, and what the database makes sure of by itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from aijobs.models import Job
from aijobs.states import ACTIVE, JOB, STAGE_SHARES, JobState, Stage, overall
from aijobs.tests.factories import make_job, make_recording
from foundation.errors import Conflict

ALLOWED = {
    ("queued", "processing"),
    ("queued", "cancelled"),
    ("queued", "failed"),
    ("processing", "complete"),
    ("processing", "failed"),
    ("processing", "cancelled"),
    ("processing", "queued"),
    ("failed", "queued"),
    ("cancelled", "queued"),
}


@pytest.mark.parametrize("before", JobState.values)
@pytest.mark.parametrize("after", JobState.values)
def test_a_job_changes_only_as_the_table_says(before, after):
    if (before, after) in ALLOWED:
        JOB.check(before, after)
    else:
        with pytest.raises(Conflict) as refused:
            JOB.check(before, after)
        assert refused.value.code == f"job_{before}"


@pytest.mark.django_db
@pytest.mark.parametrize("first", ACTIVE)
@pytest.mark.parametrize("second", ACTIVE)
def test_a_recording_has_one_active_job(first, second):
    recording = make_recording()
    make_job(first, recording)
    with pytest.raises(IntegrityError):
        make_job(second, recording)


@pytest.mark.django_db
@pytest.mark.parametrize("ended", ["complete", "failed", "cancelled"])
def test_a_recording_whose_job_has_ended_may_have_another(ended):
    recording = make_recording()
    make_job(ended, recording)
    make_job("queued", recording)
    assert Job.objects.filter(recording=recording).count() == 2


@pytest.mark.django_db
def test_a_failed_job_must_say_why():
    with pytest.raises(IntegrityError):
        make_job("failed", error_code="")


@pytest.mark.django_db
def test_a_running_job_must_have_a_lease():
    with pytest.raises(IntegrityError):
        make_job("processing", lease_until=None)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["queued", "complete", "cancelled"])
def test_only_a_running_job_has_a_lease(state):
    with pytest.raises(IntegrityError):
        make_job(state, lease_until=timezone.now() + timedelta(seconds=5))


def test_the_stages_share_the_whole_run():
    assert set(STAGE_SHARES) == set(Stage)
    assert sum(STAGE_SHARES.values()) == pytest.approx(1)


def test_progress_grows_from_stage_to_stage():
    seen = [overall(stage, progress) for stage in Stage for progress in (0, 0.5, 1)]
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0, pytest.approx(1))
