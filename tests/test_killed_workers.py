"""A real worker process, killed in the middle: the job is noticed, runs again, and makes one map."""

import os
import signal
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from aijobs.models import Job
from aijobs.services import cancel_job, request_map
from aijobs.states import JobState, Stage
from aijobs.tasks import sweep_jobs
from aijobs.tests.factories import make_person, make_recording
from aijobs.tests.waiting import until
from beatsight.celery import app
from foundation.tasks import sweep_outbox
from maps.models import MapVersion
from tests.workers import Worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("worker")


@pytest.fixture(scope="module")
def crew(folder):
    """One living worker at most; the next test takes over the one that this test leaves."""
    crew: list[Worker] = []
    yield crew
    for worker in crew:
        worker.kill()


@pytest.fixture
def worker(crew, folder, settings):
    settings.STORAGE_DIR, settings.RUNS_DIR = folder / "storage", folder / "runs"
    settings.JOB_RESEND_S = 2
    if not crew:
        crew.append(Worker(folder))
    with tasks_go_to_the_broker():
        yield crew[-1]


@contextmanager
def tasks_go_to_the_broker(they_do: bool = True):
    before, app.conf.task_always_eager = app.conf.task_always_eager, not they_do
    yield
    app.conf.task_always_eager = before


def replace(worker: Worker, crew: list[Worker], folder: Path) -> None:
    crew.remove(worker)
    crew.append(Worker(folder))


def held_job(folder: Path, stage: str) -> tuple[Job, Path]:
    """A job whose ear stands still at a stage until the file is gone."""
    gate = folder / "gate"
    gate.touch()
    person = make_person()
    recording = make_recording(person, {"hold_at": stage, "while": str(gate)})
    job = request_map(recording.song, person)
    until(lambda: state_of(job) == (JobState.PROCESSING, stage), f"the job stands at {stage}", sweep)
    return job, gate


def sweep() -> None:
    sweep_jobs()
    sweep_outbox()


def state_of(job: Job) -> tuple[str, str]:
    job.refresh_from_db()
    return job.state, job.stage


def ears_of(worker: Worker) -> list[psutil.Process]:
    return psutil.Process(worker.child.pid).children(recursive=True)


@pytest.mark.parametrize("stage", Stage.values)
def test_a_job_whose_worker_is_killed_runs_again_and_makes_one_map(stage, worker, crew, folder):
    job, gate = held_job(folder, stage)
    ears = ears_of(worker)
    worker.kill()
    until(lambda: not any(ear.is_running() for ear in ears), "the ear dies with its worker")
    gate.unlink()
    replace(worker, crew, folder)
    until(lambda: state_of(job)[0] == JobState.COMPLETE, "the job completes", sweep)
    assert job.tries == 2
    assert MapVersion.objects.filter(job_id=job.pk).count() == 1
    until(lambda: not list(folder.glob("runs/*/")), "the dead run's folder is cleared")


def test_a_job_that_is_cancelled_frees_its_worker_for_the_next(worker, folder):
    job, gate = held_job(folder, Stage.SEPARATE)
    ears = ears_of(worker)
    cancel_job(job.pk)
    until(lambda: not any(ear.is_running() for ear in ears), "the ear is ended")
    person = make_person()
    following = request_map(make_recording(person).song, person)
    until(lambda: state_of(following)[0] == JobState.COMPLETE, "the next job completes", sweep)
    assert state_of(job)[0] == JobState.CANCELLED


def test_an_ear_that_is_killed_costs_one_try(worker, folder):
    job, gate = held_job(folder, Stage.TRANSCRIBE)
    gate.unlink()
    for ear in ears_of(worker):
        os.kill(ear.pid, signal.SIGKILL)
    until(lambda: state_of(job)[0] == JobState.COMPLETE, "the job completes", sweep)
    assert job.tries <= 2


def test_a_worker_that_is_told_to_stop_gives_its_job_back_at_once(worker, crew, folder):
    job, gate = held_job(folder, Stage.SEPARATE)
    assert worker.stop() == 0
    assert (state_of(job)[0], job.tries) == (JobState.QUEUED, 0)
    gate.unlink()
    replace(worker, crew, folder)
    until(lambda: state_of(job)[0] == JobState.COMPLETE, "the job completes", sweep)
    assert job.tries == 1


def test_a_job_whose_task_was_lost_with_the_broker_is_sent_again(worker, folder, monkeypatch):
    person = make_person()
    monkeypatch.setattr("aijobs.subscribers.send", lambda job: None)
    with tasks_go_to_the_broker(False):
        job = request_map(make_recording(person).song, person)
    assert state_of(job)[0] == JobState.QUEUED
    until(lambda: state_of(job)[0] == JobState.COMPLETE, "the job completes", sweep)
