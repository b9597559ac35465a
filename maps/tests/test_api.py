"""Maps over the API: facts, versions, the file, and sounds for those who may hear them."""

import hashlib
from datetime import timedelta

import orjson
import pytest
from django.utils import timezone

from accounts.models import User
from catalog.models import Upload
from foundation.storage import storage
from maps.tests.factories import a_recording, an_ai_map, bsm

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return User.objects.create_user("ann", "ann@example.org")


def brought_by(person: User, recording) -> None:
    Upload.objects.create(
        owner=person, filename="a.wav", size=1, content_type="audio/wav", state="identified", recording=recording,
        expires_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip


def test_a_map_tells_the_facts_of_its_newest_version(client, django_assert_num_queries):
    drum_map = an_ai_map().drum_map
    with django_assert_num_queries(1):
        found = client.get(f"/api/v1/maps/{drum_map.pk}").json()
    assert (found["version"], found["note_count"], found["status"]) == (1, 4, "unverified")
    assert found["song"]["title"] == "Paper Lanterns"


def test_an_unknown_map_is_a_problem_in_words(client):
    answer = client.get("/api/v1/maps/00000000-0000-0000-0000-000000000000")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == "There is no such map."


def test_a_version_gives_its_chart_when_asked_for(client):
    drum_map = an_ai_map().drum_map
    address = f"/api/v1/maps/{drum_map.pk}/versions/1"
    assert "chart" not in client.get(address).json()
    assert client.get(address + "?chart=1").json()["chart"]["notes"]["n1"]["tick"] == 960


def test_a_version_that_a_client_has_already_is_not_sent_again(client):
    address = f"/api/v1/maps/{an_ai_map().drum_map_id}/versions/1?chart=1"
    etag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_versions_are_listed_as_a_page_of_results(client):
    drum_map = an_ai_map().drum_map
    assert [
        row["number"] for row in client.get(f"/api/v1/maps/{drum_map.pk}/versions").json()["results"]
    ] == [1]


def test_the_export_is_the_very_file_that_was_published(client):
    content = bsm(notes=7)
    drum_map = an_ai_map(bsm=content).drum_map
    answer = client.get(f"/api/v1/maps/{drum_map.pk}/versions/1/export?format=bsm")
    assert answer.content == content
    assert answer["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
    assert 'filename="house-band-paper-lanterns-v1.bsm"' in answer["Content-Disposition"]
    assert orjson.loads(answer.content)["version"] == "1.1.0"


def test_an_export_that_does_not_exist_is_refused_by_name(client):
    drum_map = an_ai_map().drum_map
    answer = client.get(f"/api/v1/maps/{drum_map.pk}/versions/1/export?format=tablature")
    assert (answer.status_code, answer.json()["code"]) == (400, "format_unknown")


def test_whoever_brought_a_recording_gets_signed_addresses_of_its_sounds(client, ann):
    storage().put_bytes("audio/x", b"sound", "audio/wav")
    recording = a_recording(audio_key="audio/x", audio_type="audio/wav")
    brought_by(ann, recording)
    client.force_login(ann)
    sounds = client.get(f"/api/v1/maps/{an_ai_map(recording).drum_map_id}/audio").json()
    assert sounds["drums"] is None
    assert sounds["song"].startswith("http://testserver/")
    assert b"".join(client.get(sounds["song"]).streaming_content) == b"sound"


def test_nobody_else_hears_a_private_recording(client, ann):
    recording = a_recording(audio_key="audio/x")
    client.force_login(ann)
    answer = client.get(f"/api/v1/maps/{an_ai_map(recording).drum_map_id}/audio")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours_to_hear")


def test_everybody_hears_a_free_recording(client):
    recording = a_recording(audio_key="audio/x", is_freely_licensed=True)
    assert client.get(f"/api/v1/maps/{an_ai_map(recording).drum_map_id}/audio").status_code == 200
