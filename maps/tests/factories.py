"""Songs, recordings and maps for tests, as plain functions."""

import hashlib
from uuid import uuid4

import orjson

from accounts.models import User
from catalog.models import Recording, Song
from foundation.storage import storage
from maps.models import MapVersion
from maps.services import publish_first_map


def bsm(title: str = "Paper Lanterns", notes: int = 4, bpm: float = 120.0) -> bytes:
    """A `.bsm` of `notes` kicks, one a beat."""
    beat_ms = 60_000 / bpm
    return orjson.dumps(
        {
            "version": "1.1.0",
            "metadata": {
                "title": title, "artist": "House Band", "creator": "BeatSight", "difficulty": 1.0,
                "beatmapId": str(uuid4()), "createdAt": "2026-01-01T00:00:00Z", "modifiedAt": "2026-01-01T00:00:00Z",
            },
            "audio": {"filename": "a.wav", "hash": "sha256:" + "0" * 64, "duration": 10_000, "sampleRate": 44_100},
            "timing": {
                "bpm": bpm, "offset": 0, "timeSignature": "4/4",
                "timingPoints": [{"time": 0, "tick": 0, "bpm": bpm, "timeSignature": "4/4"}],
            },
            "drumKit": {"components": ["kick"]},
            "hitObjects": [
                {"time": round(n * beat_ms), "tick": 960 * n, "component": "kick", "velocity": 0.8, "lane": 0,
                 "id": f"n{n}", "confidence": 0.9}
                for n in range(notes)
            ],
        }
    )  # fmt: skip


def a_recording(**facts) -> Recording:
    song = facts.pop("song", None) or Song.objects.create(
        title="Paper Lanterns", artist="House Band", is_confirmed=True
    )
    marks = {"fingerprint": b"\0" * 8, "fingerprint_hash": hashlib.sha256(uuid4().bytes).hexdigest()}
    return Recording.objects.create(song=song, duration_ms=10_000, **(marks | facts))


def an_ai_map(recording: Recording | None = None, by: User | None = None, **facts) -> MapVersion:
    """A published first map, its file in storage."""
    recording = recording or a_recording()
    job_id = facts.pop("job_id", None) or uuid4()
    key = f"maps/unverified/{recording.song_id}/{job_id}.bsm"
    content = facts.pop("bsm", None) or bsm()
    storage().put_bytes(key, content, "application/json")
    return publish_first_map(
        job_id=job_id, recording=recording, bsm=content, storage_key=key, model_version="ear 1", confidence=0.9, by=by,
        **facts,
    )  # fmt: skip
