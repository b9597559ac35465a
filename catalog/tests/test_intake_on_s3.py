"""The same upload protocol on a real S3 server, which signs size and type itself."""

import pytest
import requests

from catalog.models import Recording, Upload
from catalog.services import clear_stale_uploads
from foundation.storage import storage

from .factories import song_bytes

pytestmark = pytest.mark.s3


@pytest.fixture
def on_s3(sender, settings, s3_server):
    settings.S3_BUCKET, settings.S3_REGION = s3_server.bucket, s3_server.region
    settings.S3_ACCESS_KEY_ID, settings.S3_SECRET_ACCESS_KEY = (
        s3_server.access_key_id,
        s3_server.secret_access_key,
    )
    settings.S3_PUBLIC_URL = settings.S3_ENDPOINT_URL = s3_server.url
    yield sender
    for key in list(storage().keys("")):
        storage().delete(key)


def put(ticket: dict, content: bytes, **headers: str) -> int:
    return requests.put(ticket["url"], content, headers=ticket["headers"] | headers, timeout=10).status_code


def keys() -> list[str]:
    return list(storage().keys(""))


def test_a_song_sent_to_s3_becomes_a_recording(on_s3):
    ticket = on_s3.ask(song_bytes()).json()
    assert put(ticket, song_bytes()) == 200
    on_s3.complete(ticket["id"])
    assert on_s3.state(ticket["id"])["state"] == "identified"
    assert keys() == [Recording.objects.get().audio_key]


@pytest.mark.parametrize("content", [song_bytes() + b"x", song_bytes()[:-1], b""])
def test_a_file_of_another_size_than_announced_is_refused_by_s3(on_s3, content):
    ticket = on_s3.ask(song_bytes()).json()
    assert put(ticket, content) >= 400
    assert on_s3.complete(ticket["id"]).json()["code"] == "not_arrived"
    assert keys() == []


def test_a_file_of_another_type_is_refused_by_s3(on_s3):
    ticket = on_s3.ask(song_bytes()).json()
    assert put(ticket, song_bytes(), **{"Content-Type": "text/html"}) == 403


def test_a_refused_song_leaves_nothing_on_s3(on_s3):
    ticket = on_s3.ask(b"no song").json()
    put(ticket, b"no song")
    on_s3.complete(ticket["id"])
    assert Upload.objects.get().reason_code == "not_audio"
    assert keys() == []


def test_an_address_used_once_more_changes_nothing_and_is_cleared(on_s3):
    ticket = on_s3.ask(song_bytes()).json()
    put(ticket, song_bytes())
    on_s3.complete(ticket["id"])
    put(ticket, song_bytes()[::-1])
    clear_stale_uploads()
    assert keys() == [f"audio/{ticket['id']}"]
    with storage().open(keys()[0]) as kept:
        assert kept.read() == song_bytes()
