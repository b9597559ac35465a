"""How a job is shown: its place in the queue, its stages, and who sees it."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from aijobs.selectors import (
    ASSUMED_FACTOR,
    active_job_of,
    job_data,
    job_for,
    job_to_cancel,
    jobs_of,
    newest_job_of,
    real_time_factor,
)
from aijobs.states import STAGE_SHARES, Stage
from aijobs.tests.factories import make_job, make_person, make_recording
from foundation import live
from foundation.errors import NotFound

pytestmark = pytest.mark.django_db


def queued(seconds_ago: int, **facts):
    job = make_job(**facts)
    job.queued_at = timezone.now() - timedelta(seconds=seconds_ago)
    job.save()
    return job


def place(job) -> int:
    return job_data(job)["queue_position"]


def test_the_queue_is_served_in_order_and_priority_goes_first():
    second, first, late_but_urgent = queued(10), queued(20), queued(5, priority="priority")
    assert [place(job) for job in (late_but_urgent, first, second)] == [1, 2, 3]


def test_a_running_job_has_no_place_in_the_queue():
    make_job("processing")
    assert place(make_job("processing")) is None
    assert place(make_job()) == 1


def test_a_waiting_job_is_expected_after_those_before_it():
    first, second = queued(20), queued(10)
    assert job_data(first)["eta_ms"] == round(ASSUMED_FACTOR * 180_000)
    assert job_data(second)["eta_ms"] == 2 * round(ASSUMED_FACTOR * 180_000)


def test_what_recent_runs_took_tells_how_long_the_next_takes():
    now = timezone.now()
    make_job("complete", started_at=now - timedelta(seconds=90), finished_at=now)
    assert real_time_factor() == pytest.approx(0.5)


def test_stages_before_the_present_one_are_done_and_those_after_it_wait():
    data = job_data(make_job("processing", stage="transcribe", stage_progress=0.5))
    assert [stage["state"] for stage in data["stages"]] == [
        "done",
        "done",
        "active",
        "waiting",
        "waiting",
        "waiting",
    ]
    assert [stage["name"] for stage in data["stages"]] == Stage.values
    assert (data["stage"], data["stages"][2]["progress"]) == ("transcribe", 0.5)
    before = STAGE_SHARES[Stage.DECODE] + STAGE_SHARES[Stage.SEPARATE]
    assert before < data["progress"] < before + STAGE_SHARES[Stage.TRANSCRIBE]


def test_a_complete_job_is_wholly_done():
    data = job_data(make_job("complete", stage="store", stage_progress=1))
    assert data["progress"] == 1
    assert {stage["state"] for stage in data["stages"]} == {"done"}


def test_a_failed_job_shows_where_and_why():
    data = job_data(make_job("failed", stage="beats"))
    assert data["error"] == {"code": "broken", "detail": "It is broken."}
    assert [stage["name"] for stage in data["stages"] if stage["state"] == "failed"] == ["beats"]


def test_a_running_job_is_shown_without_a_query(django_assert_num_queries):
    job = make_job("processing", stage="transcribe", stage_progress=0.5)
    with django_assert_num_queries(0):
        job_data(job)


def test_a_waiting_job_says_that_the_listening_software_is_being_installed(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    report = {"state": "installing", "detail": "Downloading torch", "done": 3, "of": 9}
    (tmp_path / "worker-install.json").write_text(json.dumps(report))
    assert "still being installed (3 of 9)" in job_data(make_job())["note"]


@pytest.mark.parametrize("report", ['{"state": "ready"}', "", "[]", '{"sta'])
def test_a_report_that_says_nothing_gives_no_note(report, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "worker-install.json").write_text(report)
    assert job_data(make_job())["note"] is None


def test_a_recording_shows_its_active_job_and_a_song_its_newest():
    recording = make_recording()
    make_job("failed", recording)
    active = make_job("queued", recording)
    assert active_job_of(recording) == active
    assert newest_job_of(recording.song) == active


def test_a_person_sees_their_own_jobs():
    person = make_person()
    job = make_job(requested_by=person)
    make_job(requested_by=make_person())
    assert list(jobs_of(person)) == [job]
    assert job_for(person, job.pk) == job


def test_another_person_finds_no_job():
    job = make_job(requested_by=make_person())
    with pytest.raises(NotFound):
        job_for(make_person(), job.pk)


def test_whoever_brought_the_same_recording_watches_its_job_but_does_not_cancel_it():
    person = make_person()
    job = make_job(recording=make_recording(person), requested_by=make_person())
    assert job_for(person, job.pk) == job
    with pytest.raises(NotFound):
        job_to_cancel(person, job.pk)


def test_whoever_may_see_jobs_finds_everybodys():
    curator = make_person()
    curator.user_permissions.add(Permission.objects.get(codename="view_job"))
    job = make_job(requested_by=make_person())
    assert job_for(curator, job.pk) == job


def test_a_job_is_watched_by_whoever_asked_for_it():
    person = make_person()
    job = make_job(requested_by=person)
    assert live.snapshot(person, f"job:{job.pk}") == job_data(job)


@pytest.mark.parametrize("key", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_no_job_is_watched_by_guessing(key):
    assert live.snapshot(make_person(), f"job:{key}") is None


def test_anothers_job_is_not_watched():
    job = make_job(requested_by=make_person())
    assert live.snapshot(make_person(), f"job:{job.pk}") is None
