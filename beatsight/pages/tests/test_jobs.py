"""A job's page: who may watch it, and who may end it."""

import pytest

from aijobs.states import JobState
from aijobs.tests.factories import make_job, make_person, make_recording

pytestmark = pytest.mark.django_db


def test_whoever_brought_the_same_recording_watches_a_job_but_does_not_cancel_it(client):
    person = make_person()
    job = make_job(recording=make_recording(person), requested_by=make_person())
    client.force_login(person)
    assert client.get(f"/jobs/{job.pk}/").status_code == 200
    assert client.post(f"/jobs/{job.pk}/cancel/").status_code == 404
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_whoever_asked_for_a_job_cancels_it_from_its_page(client):
    person = make_person()
    job = make_job(requested_by=person)
    client.force_login(person)
    assert client.post(f"/jobs/{job.pk}/cancel/").status_code == 302
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
