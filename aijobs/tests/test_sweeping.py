"""Sending again what the broker lost, but never flooding it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from aijobs.models import Job
from aijobs.services import note_sent, overdue_jobs
from aijobs.services.sweeping import SENT_AGAIN_AT_ONCE
from aijobs.tests.factories import make_job, make_recording

pytestmark = pytest.mark.django_db


def waiting(queued_s_ago: int, sent_s_ago: int | None = None) -> Job:
    now = timezone.now()
    sent_at = None if sent_s_ago is None else now - timedelta(seconds=sent_s_ago)
    return make_job(queued_at=now - timedelta(seconds=queued_s_ago), sent_at=sent_at)


@pytest.mark.parametrize(
    ("queued_s_ago", "sent_s_ago", "is_overdue"),
    [
        (5, None, False),  # its first task is on its way
        (31, None, True),  # nobody ever sent it
        (40, 31, True),
        (40, 5, False),
        (200, 90, False),  # has waited for 110 s when it was sent last
        (200, 120, True),
        (4000, 301, True),  # never less often than each 5 minutes
    ],
)
def test_a_waiting_job_is_sent_again_the_less_often_the_longer_it_waits(queued_s_ago, sent_s_ago, is_overdue):
    job = waiting(queued_s_ago, sent_s_ago)
    assert (job in overdue_jobs()) is is_overdue


def test_a_long_queue_is_sent_again_in_portions():
    recordings = [make_recording() for _ in range(SENT_AGAIN_AT_ONCE + 5)]
    for recording in recordings:
        make_job(recording=recording, queued_at=timezone.now() - timedelta(seconds=60))
    assert len(overdue_jobs()) == SENT_AGAIN_AT_ONCE


def test_a_job_that_was_sent_is_not_overdue():
    job = waiting(60)
    note_sent(job.pk)
    assert overdue_jobs() == []
