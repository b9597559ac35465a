"""Asking for a map: what is refused, and that two who ask at once get one job."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from aijobs.models import Job
from aijobs.services import request_map, retry_job
from aijobs.tests.factories import make_job, make_person, make_recording
from billing.models import RunReservation
from foundation.errors import Conflict, Forbidden, PaymentRequired
from foundation.models import OutboxEvent
from maps.models import DrumMap


@pytest.fixture
def person(db):
    return make_person()


def test_a_job_is_queued_with_its_run_reserved_and_its_event_written(person):
    recording = make_recording(person)
    job = request_map(recording.song, person)
    assert (job.state, job.recording, job.requested_by) == ("queued", recording, person)
    assert RunReservation.objects.get(job_id=job.pk).state == "reserved"
    assert OutboxEvent.objects.filter(name="aijobs.events.JobQueued", payload__job_id=str(job.pk)).exists()


def test_a_song_with_a_verified_map_is_refused_with_the_map(person):
    recording = make_recording(person)
    verified = DrumMap.objects.create(song=recording.song, status="verified")
    with pytest.raises(Conflict) as refused:
        request_map(recording.song, person)
    assert (refused.value.code, refused.value.extra) == ("verified_map_exists", {"map": str(verified.pk)})


def test_a_verified_map_of_another_difficulty_does_not_stand_against_it(person):
    recording = make_recording(person)
    DrumMap.objects.create(song=recording.song, status="verified", difficulty_label="easy")
    assert request_map(recording.song, person).state == "queued"


def test_a_recording_with_an_active_job_is_refused_with_the_job(person):
    recording = make_recording(person)
    job = request_map(recording.song, person)
    with pytest.raises(Conflict) as refused:
        request_map(recording.song, person)
    assert refused.value.code == "job_active"
    assert refused.value.extra["job"]["id"] == str(job.pk)
    assert RunReservation.objects.count() == 1


def test_a_recording_that_somebody_else_brought_is_refused(person):
    recording = make_recording(make_person())
    with pytest.raises(Forbidden):
        request_map(recording.song, person)


def test_a_freely_licensed_recording_is_for_everybody(person):
    recording = make_recording(make_person(), is_freely_licensed=True)
    assert request_map(recording.song, person).requested_by == person


def test_a_recording_without_sound_is_refused(person):
    recording = make_recording(person, audio_key="")
    with pytest.raises(Forbidden):
        request_map(recording, person)


def test_whoever_has_used_all_runs_is_refused_and_no_job_is_left(person, settings):
    settings.FREE_RUNS_A_MONTH = 1
    request_map(make_recording(person).song, person)
    with pytest.raises(PaymentRequired) as refused:
        request_map(make_recording(person).song, person)
    assert refused.value.code == "quota_exhausted"
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_guest_gets_one_map():
    guest = make_person(is_guest=True)
    request_map(make_recording(guest).song, guest)
    with pytest.raises(PaymentRequired):
        request_map(make_recording(guest).song, guest)


@pytest.mark.parametrize("ended", ["failed", "cancelled"])
def test_a_job_that_ended_without_a_map_can_be_tried_again(ended, person):
    job = make_job(ended, make_recording(person), requested_by=person, tries=3, stage="beats")
    retry_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.tries, job.stage, job.error_code, job.finished_at) == ("queued", 0, "", "", None)
    assert RunReservation.objects.get(job_id=job.pk).state == "reserved"


@pytest.mark.parametrize("state", ["queued", "processing", "complete"])
def test_a_job_that_runs_or_is_done_is_not_tried_again(state, person):
    job = make_job(state, make_recording(person))
    with pytest.raises(Conflict):
        retry_job(job.pk)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_gets_the_job_and_one_is_told_of_it(monkeypatch):
    monkeypatch.setattr("aijobs.subscribers.send", lambda job: None)
    first, second = make_person(), make_person()
    recording = make_recording(first, is_freely_licensed=True)

    def ask(person) -> str:
        try:
            return str(request_map(recording.song, person).state)
        except Conflict as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(ask, [first, second]))
    assert answers == ["job_active", "queued"]
    assert Job.objects.count() == RunReservation.objects.count() == 1
