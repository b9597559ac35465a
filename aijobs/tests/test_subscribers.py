"""What follows from jobs: whoever watches sees each change at once, guests keep theirs, nothing is left behind."""

import pytest
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from accounts.services import hand_over
from aijobs import artefacts
from aijobs.services import cancel_job, request_map
from aijobs.tests.factories import make_job, make_person, make_recording
from foundation import live
from foundation.storage import storage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(monkeypatch):
    """What pages were told, in order: the real push goes on as well."""
    told: list[dict] = []
    really_tell = live.tell

    def tell(topic: str, data: dict) -> None:
        told.append(data)
        really_tell(topic, data)

    for where in ("aijobs.subscribers.tell", "aijobs.run.tell"):
        monkeypatch.setattr(where, tell)
    return told


def test_whoever_watches_sees_the_whole_way_in_order(told):
    person = make_person()
    request_map(make_recording(person).song, person)
    states = list(dict.fromkeys(data["state"] for data in told))
    assert sorted(states) == ["complete", "processing", "queued"]
    progress = [data["progress"] for data in told if data["state"] == "processing"]
    assert progress == sorted(progress)


def test_a_cancelled_job_is_shown_as_such_at_once(told):
    job = make_job(requested_by=make_person())
    cancel_job(job.pk)
    assert [data["state"] for data in told] == ["cancelled"]


def test_a_push_reaches_the_jobs_group():
    job = make_job(requested_by=make_person())

    async def watch_while(act) -> dict:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(live.group_of(f"job:{job.pk}"), channel)
        await act()
        return await layer.receive(channel)

    from asgiref.sync import sync_to_async

    message = async_to_sync(watch_while)(sync_to_async(lambda: cancel_job(job.pk)))
    assert (message["topic"], message["data"]["state"]) == (f"job:{job.pk}", "cancelled")


def test_what_a_cancelled_job_had_stored_is_removed():
    job = make_job("processing", recording := make_recording())
    storage().put_bytes(artefacts.peaks_key(recording.song_id, job.pk), b"{}", artefacts.PEAKS_TYPE)
    cancel_job(job.pk)
    assert not list(storage().keys(f"stems/unverified/{recording.song_id}/"))


def test_a_guests_jobs_go_with_the_guest():
    guest, person = make_person(is_guest=True), make_person()
    job = make_job(requested_by=guest)
    hand_over(guest, to=person)
    job.refresh_from_db()
    assert job.requested_by == person
