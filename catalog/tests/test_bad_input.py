"""Everything that people send and isn't a song: a clear answer, a row that says why, nothing left in the storage."""

import struct
import uuid
import zlib
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from catalog import services, tasks
from catalog.models import Recording, Song, Upload
from catalog.states import UploadState
from decoding.tests.sounds import RATE_HZ
from foundation.models import OutboxEvent

from .factories import JSON, Sender, client_of, person, song_bytes


def program() -> bytes:
    return b"MZ\x90\x00" + bytes(60) + b"This program cannot be run in DOS mode." + bytes(range(256)) * 40


def playlist() -> bytes:
    return b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXTINF:10,\nhttp://127.0.0.1:1/x.mp3\n"


def ffconcat() -> bytes:
    return b"ffconcat version 1.0\nfile '/etc/passwd'\n"


def lying_wav() -> bytes:
    """Two seconds of sound whose header promises an hour."""
    content = bytearray(song_bytes(1, "wav", "-t", "2"))
    at = content.index(b"data") + 4
    content[at : at + 4] = struct.pack("<I", 3600 * RATE_HZ * 4)
    return bytes(content)


def truncated_flac() -> bytes:
    content = song_bytes(1, "flac")
    return content[: len(content) // 2]


def silence() -> bytes:
    return song_bytes(1, "flac", gain=0)


def ten_hours_of_silence() -> bytes:
    options = ("-t", "10", "-write_xing", "0", "-b:a", "8k", "-ar", "8000", "-ac", "1", "-id3v2_version", "0")
    return song_bytes(1, "mp3", *options, gain=0) * 3600


@pytest.mark.parametrize(
    ("make", "filename", "code"),
    [
        pytest.param(program, "setup.mp3", "not_audio", id="a renamed exe"),
        pytest.param(lambda: b"Dear drummer,\n" * 200, "song.mp3", "not_audio", id="a text called mp3"),
        pytest.param(playlist, "song.mp3", "not_audio", id="a playlist that points to other files"),
        pytest.param(ffconcat, "song.ogg", "not_audio", id="a list of files to join"),
        pytest.param(
            lambda: b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(5000), "s.mp3", "not_audio", id="only a tag"
        ),
        pytest.param(lying_wav, "song.wav", "broken", id="a wav with a lying header"),
        pytest.param(truncated_flac, "song.flac", "broken", id="a truncated flac"),
        pytest.param(silence, "song.flac", "silent", id="silence"),
        pytest.param(
            lambda: song_bytes(1, "mp3", "-t", "1"), "song.mp3", "too_short", id="a second of sound"
        ),
        pytest.param(ten_hours_of_silence, "song.mp3", "too_long", id="ten hours of silence"),
    ],
)
def test_what_is_no_song_is_rejected_with_its_reason(sender, place, make, filename, code):
    upload = sender.send(make(), filename=filename)
    assert (upload["state"], upload["reason"]["code"]) == ("rejected", code)
    row = Upload.objects.get()
    assert (row.reason_code, row.reason_detail) == (code, upload["reason"]["detail"])
    assert row.reason_detail.endswith(".")
    assert list(place.keys("")) == []
    assert OutboxEvent.objects.filter(name="catalog.events.UploadRejected").count() == 1


def test_the_worker_goes_on_with_the_next_song(sender):
    sender.send(program())
    assert sender.send(song_bytes())["state"] == "identified"


@pytest.mark.parametrize(
    ("announced", "status", "code"),
    [
        pytest.param({"size": 0}, 422, "empty", id="an empty file"),
        pytest.param({"size": -1}, 422, "empty", id="less than nothing"),
        pytest.param({"size": 200 * 2**20 + 1}, 413, "too_large", id="too large"),
        pytest.param({"size": 10**18}, 413, "too_large", id="larger than any disk"),
        pytest.param({"size": "many"}, 400, "invalid", id="a size in words"),
        pytest.param(
            {"content_type": "application/x-msdownload"}, 422, "not_audio", id="a program by its type"
        ),
        pytest.param(
            {"content_type": "audio/mpeg\r\nX-Evil: 1"}, 422, "not_audio", id="a header in the type"
        ),
        pytest.param({"sha256": "abc"}, 422, "sha256_malformed", id="a checksum that is none"),
    ],
)
def test_what_can_not_be_a_song_is_refused_before_it_is_sent(sender, announced, status, code):
    answer = sender.ask(b"x", **announced)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    "body", [b'{"filename": "a", "size": NaN}', b'{"size": Infinity}', b"{", b"[]", b"null", b"\xff"]
)
def test_json_that_is_none_is_a_clear_refusal(sender, body):
    answer = sender.client.post("/api/v1/uploads", body, JSON)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_a_file_larger_than_announced_is_refused_while_it_is_sent(sender, place):
    ticket = sender.ask(b"x" * 100).json()
    answer = sender.put(ticket, b"x" * 101)
    assert (answer.status_code, answer.json()["code"]) == (413, "larger_than_announced")
    assert sender.complete(ticket["id"]).json()["code"] == "not_arrived"
    assert list(place.keys("")) == []


def test_a_file_of_another_size_in_the_storage_is_rejected(sender, place):
    """As a storage may let it through that doesn't hold a sender to the size."""
    ticket = sender.ask(song_bytes()).json()
    place.put_bytes(f"incoming/{ticket['id']}", song_bytes() + b"x", "audio/mpeg")
    upload = sender.complete(ticket["id"]).json()
    assert (upload["state"], upload["reason"]["code"]) == ("rejected", "size_mismatch")
    assert list(place.keys("")) == []


def test_a_file_with_another_checksum_is_rejected(sender, place):
    upload = sender.send(song_bytes(), sha256="0" * 64)
    assert upload["reason"]["code"] == "checksum_mismatch"
    assert list(place.keys("")) == []


def test_an_address_that_was_used_takes_no_second_file(sender, place):
    ticket = sender.ask(song_bytes()).json()
    sender.put(ticket, song_bytes())
    sender.complete(ticket["id"])
    assert sender.put(ticket, song_bytes()).status_code == 409
    assert not list(place.keys("incoming/"))


def test_a_file_sent_again_after_its_end_is_removed(sender, place):
    """As S3 takes it until the address expires."""
    upload = sender.send(song_bytes())
    place.put_bytes(f"incoming/{upload['id']}", b"once more", "audio/mpeg")
    assert services.clear_stale_uploads() == 1
    assert list(place.keys("")) == [f"audio/{upload['id']}"]


def test_an_address_that_has_expired_takes_no_file(sender, place):
    with time_machine.travel(timezone.now() - timedelta(minutes=16), tick=False):
        ticket = sender.ask(song_bytes()).json()
    assert sender.put(ticket, song_bytes()).status_code == 403
    answer = sender.complete(ticket["id"])
    assert (answer.status_code, answer.json()["code"]) == (410, "expired")
    assert Upload.objects.get().reason_code == "expired"
    assert list(place.keys("")) == []


def test_a_file_that_came_in_time_may_be_completed_late(sender):
    with time_machine.travel(timezone.now() - timedelta(minutes=16), tick=False):
        upload_id = sender.bring(song_bytes())
    assert sender.complete(upload_id).status_code == 200


def test_uploads_whose_file_never_came_end_by_themselves(sender):
    with time_machine.travel(timezone.now() - timedelta(minutes=16), tick=False):
        sender.ask(song_bytes())
    tasks.clear_stale_uploads()
    assert Upload.objects.get().reason_code == "expired"


def test_a_file_that_nobody_completed_is_gone_after_a_day(sender, place):
    with time_machine.travel(timezone.now() - timedelta(hours=25), tick=False):
        sender.bring(song_bytes())
    tasks.clear_stale_uploads()
    assert Upload.objects.get().state == UploadState.REJECTED
    assert list(place.keys("")) == []


def test_what_is_still_on_its_way_is_left_alone(sender, place):
    upload_id = sender.bring(song_bytes())
    tasks.clear_stale_uploads()
    assert Upload.objects.get().state == UploadState.REQUESTED
    assert list(place.keys("")) == [f"incoming/{upload_id}"]


@pytest.mark.parametrize("call", ["complete", "state"])
def test_another_persons_upload_is_not_there(sender, call):
    upload_id = sender.bring(song_bytes())
    other = Sender(client_of(person("otto")))
    if call == "complete":
        assert other.complete(upload_id).status_code == 404
    else:
        assert other.client.get(f"/api/v1/uploads/{upload_id}").status_code == 404
    assert sender.state(upload_id)["state"] == "requested"


def test_an_upload_that_never_was_is_not_there(sender):
    assert sender.complete(str(uuid.uuid4())).status_code == 404
    assert sender.client.get("/api/v1/uploads/nonsense").status_code == 404


def test_nobody_completes_without_signing_in(sender, guest):
    assert guest.complete(sender.bring(song_bytes())).status_code == 401


def test_a_title_of_ten_thousand_characters_is_refused(sender):
    song_id = sender.send(song_bytes())["song"]
    before = Song.objects.get().title
    answer = sender.client.patch(f"/api/v1/songs/{song_id}", {"title": "x" * 10_000}, JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "song_invalid")
    assert list(answer.json()["errors"]) == ["title"]
    assert Song.objects.get().title == before


def test_a_file_name_of_ten_thousand_characters_is_cut_and_keeps_its_ending(sender):
    upload_id = sender.bring(song_bytes(), filename="x" * 10_000 + ".mp3")
    assert len(sender.state(upload_id)["filename"]) == 255
    assert sender.state(upload_id)["filename"].endswith(".mp3")


def test_a_file_name_with_folders_and_control_characters_is_one_line(sender):
    upload_id = sender.bring(song_bytes(), filename="C:\\songs\\..\\a\tb\x07.mp3")
    assert sender.state(upload_id)["filename"] == "a b .mp3"


def test_a_file_that_vanished_from_the_storage_is_a_reason(sender, place, monkeypatch):
    monkeypatch.setattr(tasks.take_in, "apply_async", lambda *_, **__: None)
    upload_id = sender.bring(song_bytes())
    sender.complete(upload_id)
    place.delete(f"incoming/{upload_id}")
    tasks.take_in(upload_id)
    assert sender.state(upload_id)["reason"]["code"] == "missing"


def test_a_tag_that_unpacks_to_gigabytes_takes_no_worker_along(sender):
    assert sender.send(_with_a_compressed_tag(song_bytes()))["state"] == "identified"
    assert Recording.objects.count() == 1


def _with_a_compressed_tag(mp3: bytes) -> bytes:
    """An ID3v2.4 title frame of 640 MiB of zeros, compressed. Source: id3.org, ID3v2.4.0 §4.1.2."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    sixteen_mib = packer.compress(bytes(2**24)) + packer.flush(zlib.Z_FULL_FLUSH)
    body = struct.pack(">I", 2**28 - 1) + b"\x78\x9c" + sixteen_mib * 40
    frame = b"TIT2" + _synchsafe(len(body)) + b"\x00\x09" + body
    return b"ID3\x04\x00\x00" + _synchsafe(len(frame)) + frame + mp3[_id3_bytes(mp3) :]


def _id3_bytes(mp3: bytes) -> int:
    size = mp3[6:10]
    return 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3]) if mp3[:3] == b"ID3" else 0


def _synchsafe(size: int) -> bytes:
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
