"""A run from the claim to its end, with a child process that speaks the ear's protocol."""

import threading

import pytest

from aijobs import artefacts, tasks
from aijobs.ear import Ear
from aijobs.models import Job
from aijobs.run import run_claimed
from aijobs.selectors import job_data
from aijobs.services import cancel_job, claim_job, request_map
from aijobs.states import Stage
from aijobs.tests.factories import make_job, make_person, make_recording
from aijobs.tests.waiting import until
from billing.models import RunReservation
from catalog.models import Stem
from foundation.storage import storage
from maps.models import MapVersion
from maps.selectors import bsm_of

pytestmark = pytest.mark.django_db(transaction=True)


def asked_for(script: dict | None = None, **facts) -> Job:
    """A job as it stands after it was asked for and, tasks being run at once in tests, has run to its end."""
    person = make_person()
    job = request_map(make_recording(person, script, **facts).song, person)
    job.refresh_from_db()
    return job


def claimed(job: Job) -> int:
    fence = claim_job(job.pk)
    assert fence is not None
    return fence


def stored_for(job: Job) -> list[str]:
    song = job.recording.song_id
    return [*storage().keys(f"maps/unverified/{song}/"), *storage().keys(f"stems/unverified/{song}/")]


def test_a_song_goes_in_and_a_map_comes_out(settings):
    job = asked_for()
    song = job.recording.song_id
    assert (job.state, job.tries, job.error_detail) == ("complete", 1, "")
    version = MapVersion.objects.get(job_id=job.pk)
    assert (version.number, version.source, version.model_version, version.confidence) == (
        1,
        "ai",
        "scripted-1",
        0.75,
    )
    assert version.storage_key == f"maps/unverified/{song}/{job.pk}.bsm"
    assert b"Fifty Ways" in bsm_of(version)
    folder = f"stems/unverified/{song}/{job.pk}/"
    assert sorted(storage().keys(folder)) == [
        folder + name for name in ("drums.flac", "peaks.json", "rest.flac")
    ]
    assert set(Stem.objects.values_list("kind", flat=True)) == {"drums", "rest"}
    assert job.recording.peaks_key == folder + "peaks.json"
    assert set(job.stage_seconds) == set(Stage)
    assert RunReservation.objects.get(job_id=job.pk).state == "settled"
    assert not list(settings.RUNS_DIR.iterdir())


def test_a_task_that_comes_twice_makes_one_map():
    job = asked_for()
    tasks.run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.tries, MapVersion.objects.count()) == ("complete", 1, 1)


def test_a_missing_separation_is_told_in_the_job_and_in_the_map():
    told = "The drums were not separated."
    job = asked_for({"separation_note": told})
    assert job.note == told
    assert MapVersion.objects.get(job_id=job.pk).note == told


@pytest.mark.parametrize("code", ["not_audio", "too_long", "broken"])
def test_a_song_that_can_not_be_done_fails_at_once_and_its_run_is_given_back(code):
    job = asked_for({"refuse": code})
    assert (job.state, job.error_code, job.error_detail, job.tries) == ("failed", code, "This is no song.", 1)
    assert RunReservation.objects.get(job_id=job.pk).state == "released"


@pytest.mark.parametrize("code", ["out_of_memory", "internal"])
def test_an_ear_that_fails_by_itself_is_asked_three_times(code):
    job = asked_for({"refuse": code})
    assert (job.state, job.error_code, job.tries) == ("failed", code, 3)


@pytest.mark.parametrize("stage", [Stage.DECODE, Stage.STORE])
def test_an_ear_that_dies_three_times_fails_the_job_and_leaves_nothing(stage, settings):
    job = asked_for({"die_at": stage})
    assert (job.state, job.error_code, job.tries) == ("failed", "worker_died", 3)
    assert "memory" in job.error_detail
    assert not stored_for(job)
    assert not list(settings.RUNS_DIR.iterdir())
    assert not MapVersion.objects.exists()


def test_a_recording_whose_file_is_gone_fails_with_what_to_do():
    person = make_person()
    recording = make_recording(person)
    storage().delete(recording.audio_key)
    job = request_map(recording.song, person)
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "audio_missing")
    assert "Upload the song again" in job.error_detail


@pytest.mark.parametrize("stage", Stage.values)
def test_a_job_that_is_cancelled_at_any_stage_stops_its_ear_and_leaves_nothing(stage, tmp_path, settings):
    settings.JOB_LEASE_RENEWAL_S = 0.05
    gate = tmp_path / "gate"
    gate.touch()
    job = make_job(recording=make_recording(script={"hold_at": stage, "while": str(gate)}))
    ear = Ear()
    fence = claimed(job)
    reached = threading.Event()

    def watch(now: str, progress: float) -> None:
        if now == stage and not reached.is_set():
            reached.set()
            cancel_job(job.pk)

    run_claimed(job.pk, fence, ear, lambda: False, watch)
    job.refresh_from_db()
    assert (job.state, ear.pid) == ("cancelled", None)
    assert not stored_for(job)
    assert not MapVersion.objects.exists()


def test_what_a_run_stores_after_its_job_was_cancelled_is_removed():
    job = make_job(recording=make_recording())
    fence = claimed(job)
    ear = Ear()

    def watch(stage: str, progress: float) -> None:
        if stage == Stage.STORE and progress == 0.9:  # stems and peaks lie in storage
            assert stored_for(job)
            cancel_job(job.pk)

    run_claimed(job.pk, fence, ear, lambda: False, watch)
    ear.kill()
    assert not stored_for(job)


def test_a_silent_ear_does_not_lose_its_job(settings):
    settings.JOB_LEASE_S, settings.JOB_LEASE_RENEWAL_S = 0.6, 0.1
    job = make_job(recording=make_recording(script={"silent_s": 1.5}))
    fence = claimed(job)
    ear = Ear()
    runner = threading.Thread(target=_run, args=(job, fence, ear))
    runner.start()
    leases = set()

    def look() -> None:
        leases.add(Job.objects.values_list("lease_until", flat=True).get(pk=job.pk))

    until(lambda: not runner.is_alive(), "the run ends", look)
    job.refresh_from_db()
    assert (job.state, job.tries) == ("complete", 1)
    assert len(leases) > 3


def test_a_run_that_takes_too_long_is_ended_with_its_ear(settings):
    settings.JOB_MAX_RUN_S = 1
    job = asked_for({"silent_s": 30})
    assert (job.state, job.error_code, job.tries) == ("failed", "took_too_long", 1)


def test_forgetting_what_was_never_stored_is_fine():
    job = make_job()
    artefacts.forget(job.recording.song_id, job.pk)


def _run(job: Job, fence: int, ear: Ear) -> None:
    from django.db import connection

    try:
        run_claimed(job.pk, fence, ear, lambda: False)
    finally:
        ear.kill()
        connection.close()


def test_a_separation_that_could_not_be_is_shown_as_left_out():
    job = asked_for({"separation_note": "The drums were not separated."})
    assert {stage["name"]: stage["state"] for stage in job_data(job)["stages"]} == {
        **dict.fromkeys(Stage.values, "done"),
        "separate": "skipped",
    }
