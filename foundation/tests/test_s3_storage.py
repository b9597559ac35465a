"""The same verbs over a real S3 server, and addresses that promise no more than they say."""

from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest

from foundation.storage import storage
from foundation.storage.s3 import S3Storage
from tests.peers import S3Server

pytestmark = pytest.mark.s3
SONG = b"RIFF" + bytes(range(256)) * 4


@pytest.fixture
def place(settings, s3_server: S3Server) -> S3Storage:
    """A bucket of its own, made by `prepare`."""
    settings.S3_ENDPOINT_URL = settings.S3_PUBLIC_URL = s3_server.url
    settings.S3_ACCESS_KEY_ID, settings.S3_SECRET_ACCESS_KEY = (
        s3_server.access_key_id,
        s3_server.secret_access_key,
    )
    settings.S3_BUCKET, settings.S3_REGION = f"beats-{uuid4().hex[:12]}", s3_server.region
    storage.cache_clear()
    found = storage()
    assert isinstance(found, S3Storage)
    assert "is there" in found.prepare()
    yield found
    storage.cache_clear()


def send(url: str, content: bytes, kind: str = "audio/wav") -> int:
    try:
        with urlopen(Request(url, content, {"Content-Type": kind}, method="PUT"), timeout=10) as answer:
            return answer.status
    except HTTPError as refusal:
        return refusal.code


def test_preparing_twice_is_preparing_once(place: S3Storage):
    place.put_bytes("a", SONG, "audio/wav")
    place.prepare()
    assert place.size("a") == len(SONG)


def test_a_file_that_keeps_its_promise_arrives(place: S3Storage):
    ticket = place.presign_put("incoming/a", len(SONG), "audio/wav", 60)
    assert send(ticket.url, SONG) == 200
    with place.open("incoming/a") as stream:
        assert stream.read() == SONG


@pytest.mark.parametrize("content", [SONG + b"!", SONG[:-1]])
def test_another_size_than_announced_is_refused(place: S3Storage, content: bytes):
    ticket = place.presign_put("incoming/a", len(SONG), "audio/wav", 60)
    assert send(ticket.url, content) == 403
    assert place.size("incoming/a") is None


def test_another_type_than_announced_is_refused(place: S3Storage):
    ticket = place.presign_put("incoming/a", len(SONG), "audio/wav", 60)
    assert send(ticket.url, SONG, "text/html") == 403


def test_a_signed_address_reads_one_key(place: S3Storage):
    place.put_bytes("audio/a", SONG, "audio/wav")
    with urlopen(place.presign_get("audio/a", 60), timeout=10) as answer:
        assert answer.read() == SONG
    with pytest.raises(HTTPError):
        urlopen(place.presign_get("audio/a", 60).replace("audio/a", "audio/b"), timeout=10)


def test_what_is_not_there_has_no_size_and_cannot_be_fetched(place: S3Storage, tmp_path: Path):
    assert place.size("nothing") is None
    with pytest.raises(FileNotFoundError):
        place.download("nothing", tmp_path / "nothing")


def test_files_are_listed_by_their_beginning_and_deleted(place: S3Storage, tmp_path: Path):
    (tmp_path / "x").write_bytes(b"x")
    place.put_file("stems/a/drums.ogg", tmp_path / "x", "audio/ogg")
    place.put_bytes("maps/a.bsm", b"x", "application/json")
    assert list(place.keys("stems/")) == ["stems/a/drums.ogg"]
    place.delete("stems/a/drums.ogg")
    place.delete("stems/a/drums.ogg")
    assert list(place.keys("stems/")) == []
