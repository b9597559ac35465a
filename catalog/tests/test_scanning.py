"""Malware scanning by a real ClamAV daemon, and what happens where there is none."""

import socket
import threading

import pytest

from catalog import services, tasks
from catalog.models import Recording, Upload
from catalog.scanning import ScanUnavailable, infection_in
from catalog.states import UploadState
from tests.peers import EICAR

from .factories import song_bytes
from .test_intake import pass_time


@pytest.fixture
def song(tmp_path):
    path = tmp_path / "song"
    path.write_bytes(song_bytes())
    return path


@pytest.mark.clamd
def test_a_clean_song_passes(sender, settings, clamd):
    settings.CLAMD_URL = clamd
    assert sender.send(song_bytes())["state"] == "identified"


@pytest.mark.clamd
def test_an_infected_song_is_rejected_and_deleted(sender, place, settings, clamd):
    settings.CLAMD_URL = clamd
    upload = sender.send(song_bytes(1, "flac") + EICAR)
    assert (upload["state"], upload["reason"]["code"]) == ("rejected", "infected")
    assert "Eicar-Test-Signature" in upload["reason"]["detail"]
    assert list(place.keys("")) == []
    assert not Recording.objects.exists()


def test_while_the_scanner_is_away_a_song_waits_and_never_passes(sender, place, settings):
    settings.CLAMD_URL = "tcp://127.0.0.1:9"
    upload = sender.send(song_bytes())
    assert upload["state"] == "scanning"
    assert list(place.keys("")) == [f"incoming/{upload['id']}"]


def test_a_song_that_waited_goes_on_when_the_scanner_is_back(sender, settings):
    settings.CLAMD_URL = "tcp://127.0.0.1:9"
    upload = sender.send(song_bytes())
    settings.CLAMD_URL = ""
    pass_time(upload["id"])
    tasks.sweep_uploads()
    assert sender.state(upload["id"])["state"] == "identified"


def test_a_scanner_that_stays_away_is_a_reason_after_three_tries(sender, place, settings):
    settings.CLAMD_URL = "unix:///nowhere/clamd.ctl"
    upload = sender.send(song_bytes())
    for _ in range(2):
        pass_time(upload["id"])
        tasks.sweep_uploads()
    ended = Upload.objects.get()
    assert (ended.state, ended.reason_code, ended.tries) == (UploadState.REJECTED, "scan_unavailable", 3)
    assert list(place.keys("")) == []
    assert services.uploads_left_standing() == []


def test_where_scanning_is_required_nothing_passes_without_a_scanner(sender, settings):
    settings.SCANNING_REQUIRED = True
    assert sender.send(song_bytes())["state"] == "scanning"
    assert not Recording.objects.exists()


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"",
        b"stream: OKAY\0",
        b"UNKNOWN COMMAND\0",
        b"stream: x ERROR\0",
    ],
)
def test_only_a_clear_answer_makes_a_file_clean(song, settings, answer):
    with _daemon_that_says(answer) as url:
        settings.CLAMD_URL = url
        with pytest.raises(ScanUnavailable):
            infection_in(song)


def test_a_daemon_on_a_unix_socket_is_asked_too(song, settings, tmp_path):
    with _daemon_that_says(b"stream: Evil.Thing FOUND\0", str(tmp_path / "clamd")) as url:
        settings.CLAMD_URL = url
        assert infection_in(song) == "Evil.Thing"


class _daemon_that_says:
    """A daemon that reads one stream to its end and gives a fixed answer: what the real one says only when ill."""

    def __init__(self, answer: bytes, path: str = ""):
        self.answer, self.path = answer, path

    def __enter__(self) -> str:
        self.server = socket.socket(socket.AF_UNIX if self.path else socket.AF_INET)
        self.server.bind(self.path or ("127.0.0.1", 0))
        self.server.listen(1)
        threading.Thread(target=self._answer, daemon=True).start()
        return f"unix://{self.path}" if self.path else f"tcp://127.0.0.1:{self.server.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self.server.close()

    def _answer(self) -> None:
        connection, _ = self.server.accept()
        with connection, connection.makefile("rb") as stream:
            stream.read(len(b"zINSTREAM\0"))
            while size := int.from_bytes(stream.read(4), "big"):
                stream.read(size)
            connection.sendall(self.answer)
