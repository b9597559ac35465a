"""Jobs over `/api/v1/`, as a client uses it."""

import pytest
from django.test import Client

from aijobs.models import Job
from aijobs.tests.factories import make_job, make_person, make_recording
from maps.models import DrumMap

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_person()


@pytest.fixture
def client(person):
    client = Client()
    client.force_login(person)
    return client


def generate(client, song, body=None, **headers):
    return client.post(f"/api/v1/songs/{song.pk}/generate", body or {}, "application/json", headers=headers)


def test_a_map_is_asked_for_and_the_job_answered(client, person):
    song = make_recording(person).song
    answer = generate(client, song)
    assert answer.status_code == 202
    assert answer["Location"] == f"/api/v1/jobs/{answer.json()['id']}"
    assert (answer.json()["state"], answer.json()["queue_position"], answer.json()["attempt"]) == (
        "queued",
        1,
        1,
    )


def test_the_job_can_be_read_where_the_answer_says(client, person):
    location = generate(client, make_recording(person).song)["Location"]
    answer = client.get(location)
    assert answer.status_code == 200
    assert set(answer.json()) == {
        *("id", "state", "stage", "progress", "stages", "queue_position", "eta_ms"),
        *("map", "song", "error", "note", "attempt"),
    }  # fmt: skip


def test_the_same_request_twice_is_one_job(client, person):
    song = make_recording(person).song
    first, second = (generate(client, song, **{"Idempotency-Key": "once"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["id"] == second.json()["id"]
    assert Job.objects.count() == 1


def test_an_active_job_is_answered_with_409_and_the_job(client, person):
    song = make_recording(person).song
    job = generate(client, song).json()
    answer = generate(client, song)
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert (answer.json()["code"], answer.json()["job"]["id"]) == ("job_active", job["id"])


def test_a_verified_map_is_answered_with_409_and_the_map(client, person):
    song = make_recording(person).song
    verified = DrumMap.objects.create(song=song, status="verified")
    answer = generate(client, song)
    assert (answer.status_code, answer.json()["code"]) == (409, "verified_map_exists")
    assert answer.json()["map"] == str(verified.pk)


def test_a_used_up_plan_is_answered_with_402(client, person, settings):
    settings.FREE_RUNS_A_MONTH = 0
    answer = generate(client, make_recording(person).song)
    assert (answer.status_code, answer.json()["code"]) == (402, "quota_exhausted")


def test_anothers_recording_is_answered_with_403(client):
    answer = generate(client, make_recording(make_person()).song)
    assert (answer.status_code, answer.json()["code"]) == (403, "recording_not_yours")


def test_a_song_that_is_not_there_is_answered_with_404(client):
    answer = client.post(
        "/api/v1/songs/00000000-0000-0000-0000-000000000000/generate", content_type="application/json"
    )
    assert answer.status_code == 404


def test_an_unknown_difficulty_is_answered_with_the_field(client, person):
    answer = generate(client, make_recording(person).song, {"difficulty": "nightmare"})
    assert answer.status_code == 400
    assert "difficulty" in answer.json()["errors"]


def test_nobody_is_answered_with_401(person):
    answer = generate(Client(), make_recording(person).song)
    assert answer.status_code == 401


def test_asking_too_often_is_answered_with_429_and_when_to_come_back(client, person, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "generate": (1, 3600)}
    generate(client, make_recording(person).song)
    answer = generate(client, make_recording(person).song)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


@pytest.mark.parametrize("verb", ["get", "post"])
def test_anothers_job_is_answered_with_404(verb, client):
    job = make_job(requested_by=make_person())
    address = f"/api/v1/jobs/{job.pk}" + ("/cancel" if verb == "post" else "")
    assert getattr(client, verb)(address).status_code == 404
    job.refresh_from_db()
    assert job.state == "queued"


def test_a_job_is_cancelled(client, person):
    job = make_job(requested_by=person)
    answer = client.post(f"/api/v1/jobs/{job.pk}/cancel")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")


def test_a_job_that_is_done_can_not_be_cancelled(client, person):
    job = make_job("complete", requested_by=person)
    answer = client.post(f"/api/v1/jobs/{job.pk}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "job_complete")
