"""The signed local endpoint keeps the promises that S3 keeps."""

import io

import pytest
import time_machine
from django.test import Client

from foundation.storage import storage
from foundation.storage.local import LocalStorage

SONG = b"RIFF" + bytes(range(256)) * 4


@pytest.fixture
def place(settings, tmp_path) -> LocalStorage:
    settings.S3_ENDPOINT_URL = ""
    settings.STORAGE_DIR = tmp_path
    found = storage()
    assert isinstance(found, LocalStorage)
    return found


def send(url: str, content: bytes, kind: str = "audio/wav"):
    return Client().put(url, content, content_type=kind)


def test_a_file_that_keeps_its_promise_arrives(place):
    ticket = place.presign_put("incoming/a", len(SONG), "audio/wav", 60)
    assert send(ticket.url, SONG).status_code == 200
    assert place.path("incoming/a").read_bytes() == SONG


def test_a_larger_file_than_announced_is_refused_and_leaves_nothing(place):
    ticket = place.presign_put("incoming/a", len(SONG) - 1, "audio/wav", 60)
    answer = send(ticket.url, SONG)
    assert (answer.status_code, answer.json()["code"]) == (413, "larger_than_announced")
    assert place.size("incoming/a") is None


def test_a_smaller_file_than_announced_is_refused(place):
    ticket = place.presign_put("incoming/a", len(SONG) + 1, "audio/wav", 60)
    assert send(ticket.url, SONG).json()["code"] == "smaller_than_announced"


def test_another_type_than_announced_is_refused(place):
    ticket = place.presign_put("incoming/a", len(SONG), "audio/wav", 60)
    assert send(ticket.url, SONG, "text/html").json()["code"] == "other_type"


def test_a_ticket_is_good_for_one_file_only(place):
    ticket = place.presign_put("incoming/a", len(SONG), "audio/wav", 60)
    send(ticket.url, SONG)
    again = send(ticket.url, SONG[::-1])
    assert (again.status_code, again.json()["code"]) == (409, "ticket_used")
    assert place.path("incoming/a").read_bytes() == SONG


def test_an_expired_ticket_is_refused(place):
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False):
        ticket = place.presign_put("incoming/a", len(SONG), "audio/wav", 60)
    assert send(ticket.url, SONG).json()["code"] == "ticket_expired"


def test_a_ticket_for_reading_is_none_for_writing(place):
    place.put_bytes("audio/a", SONG, "audio/wav")
    reading = place.presign_get("audio/a", 60).replace("/get/", "/put/")
    assert send(reading, SONG).json()["code"] == "ticket_invalid"


@pytest.mark.parametrize(
    ("asked", "status", "given"),
    [
        ("", 200, SONG),
        ("bytes=0-9", 206, SONG[:10]),
        ("bytes=1000-", 206, SONG[1000:]),
        ("bytes=-7", 206, SONG[-7:]),
        ("bytes=99999-", 416, b""),
        # what is no range of one part is ignored, as RFC 9110 wants
        ("bytes=0-1,5-6", 200, SONG),
        (f"bytes={'9' * 5000}-", 200, SONG),
    ],
)
def test_a_player_gets_the_range_that_it_asks_for(place, asked, status, given):
    place.put_bytes("audio/a.wav", SONG, "audio/wav")
    answer = Client().get(place.presign_get("audio/a.wav", 60), headers={"Range": asked} if asked else {})
    assert answer.status_code == status
    assert b"".join(answer.streaming_content if answer.streaming else [answer.content]) == given


def test_a_key_that_would_leave_the_folder_is_refused(place):
    with pytest.raises(ValueError, match="leaves the storage folder"):
        place.put_bytes("../outside", b"", "text/plain")


def test_a_deleted_file_takes_its_empty_folders_along(place, tmp_path):
    place.put_stream("maps/unverified/song/job.bsm", io.BytesIO(b"{}"))
    place.delete("maps/unverified/song/job.bsm")
    assert list(tmp_path.iterdir()) == []


def test_keys_are_listed_by_their_beginning(place):
    for key in ("stems/a/drums.ogg", "stems/a/rest.ogg", "stems/ab/drums.ogg", "maps/a.bsm"):
        place.put_bytes(key, b"x", "audio/ogg")
    assert list(place.keys("stems/a/")) == ["stems/a/drums.ogg", "stems/a/rest.ogg"]
