"""Operators retry and cancel jobs in the admin."""

import pytest
from django.test import Client
from django.urls import reverse

from aijobs.tests.factories import make_job, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    client = Client()
    client.force_login(make_person(is_staff=True, is_superuser=True))
    return client


def act(client, action: str, job):
    asked = {"action": action, "_selected_action": [str(job.pk)]}
    return client.post(reverse("admin:aijobs_job_changelist"), asked, follow=True)


@pytest.mark.parametrize("state", ["queued", "processing", "complete", "failed", "cancelled"])
def test_a_job_in_any_state_is_listed_and_shown(state, client):
    job = make_job(state)
    assert "Fifty Ways" in client.get(reverse("admin:aijobs_job_changelist")).content.decode()
    assert client.get(reverse("admin:aijobs_job_change", args=[job.pk])).status_code == 200


def test_a_failed_job_is_queued_again(client):
    job = make_job("failed")
    act(client, "retry", job)
    job.refresh_from_db()
    assert job.state == "queued"


def test_a_running_job_is_cancelled(client):
    job = make_job("processing")
    act(client, "cancel", job)
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_what_can_not_be_done_is_said(client):
    job = make_job("complete")
    answer = act(client, "retry", job)
    assert "is complete and can&#x27;t become queued" in answer.content.decode()
