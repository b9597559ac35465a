"""People who bring songs, and the songs: synthesised, each made once a run."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.test import Client

from accounts.models import User
from catalog.fingerprints import Fingerprint, codes_to_bytes
from catalog.models import Recording, Song
from decoding.tests.sounds import RATE_HZ, make_song, write_audio

JSON = "application/json"


def person(name: str = "dora", **extra: Any) -> User:
    return User.objects.create_user(name, f"{name}@example.org", "a-Passw0rd", **extra)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@cache
def song_bytes(
    seed: int = 1,
    ending: str = "mp3",
    *options: str,
    cut_s: float = 0,
    gain: float = 1,
    duration_s: float = 16,
) -> bytes:
    """A song as a file: `seed` says which, the rest how it was encoded, cut at its start or made louder."""
    samples = _samples(seed, duration_s)[round(cut_s * RATE_HZ) :] * gain
    with TemporaryDirectory() as folder:
        return write_audio(Path(folder) / f"song.{ending}", samples, *options).read_bytes()


@cache
def _samples(seed: int, duration_s: float) -> Any:
    return make_song(seed, duration_s)


def recording_of(heard: Fingerprint, **song: Any) -> Recording:
    """A recording that somebody else brought long ago; no sound of it is kept."""
    return Recording.objects.create(
        song=Song.objects.create(
            **{"title": "Known song", "artist": "The Knowns", "is_confirmed": True} | song
        ),
        fingerprint=codes_to_bytes(heard.codes),
        fingerprint_hash=heard.hash,
        duration_ms=heard.duration_ms,
    )


class Sender:
    """Somebody who sends files through the API, as the page or a script does."""

    def __init__(self, client: Client):
        self.client = client

    def ask(self, content: bytes, **announced: Any) -> Any:
        body = {"filename": "song.mp3", "size": len(content), "content_type": "audio/mpeg"} | announced
        return self.client.post("/api/v1/uploads", body, JSON)

    def put(self, ticket: dict, content: bytes) -> Any:
        path = ticket["url"].removeprefix("http://testserver")
        return self.client.put(path, content, content_type=ticket["headers"]["Content-Type"])

    def complete(self, upload_id: str) -> Any:
        return self.client.post(f"/api/v1/uploads/{upload_id}/complete", {}, JSON)

    def state(self, upload_id: str) -> dict:
        return self.client.get(f"/api/v1/uploads/{upload_id}").json()

    def bring(self, content: bytes, **announced: Any) -> str:
        """Ask and send, without saying that it is there; gives the upload's id."""
        ticket = self.ask(content, **announced).json()
        assert self.put(ticket, content).status_code == 200
        return ticket["id"]

    def send(self, content: bytes, **announced: Any) -> dict:
        """The whole way; gives what the API says of the upload at its end."""
        upload_id = self.bring(content, **announced)
        assert self.complete(upload_id).status_code == 200
        return self.state(upload_id)
