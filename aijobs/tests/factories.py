"""Songs, recordings and people as the tests of jobs need them."""

import json
import uuid
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from catalog.models import Recording, Song, Upload
from catalog.states import UploadState
from foundation.storage import storage

from ..models import Job
from ..states import JobState


def make_person(name: str = "", **facts) -> User:
    return User.objects.create(username=name or f"person-{uuid.uuid4().hex[:8]}", **facts)


def make_recording(owner: User | None = None, script: dict | None = None, **facts) -> Recording:
    """A recording in storage that `owner` has brought; its sound is a script for the fake ear."""
    song = Song.objects.create(title="Fifty Ways", artist="The Paradiddles", is_confirmed=True)
    key = f"audio/{uuid.uuid4()}.wav"
    storage().put_bytes(key, json.dumps(script or {}).encode(), "audio/wav")
    recording = Recording.objects.create(
        **{
            "song": song,
            "fingerprint": b"\x00" * 64,
            "fingerprint_hash": uuid.uuid4().hex,
            "duration_ms": 180_000,
            "audio_key": key,
            "audio_type": "audio/wav",
            **facts,
        }
    )
    if owner:
        Upload.objects.create(
            owner=owner,
            filename="song.wav",
            size=4,
            content_type="audio/wav",
            state=UploadState.IDENTIFIED,
            recording=recording,
            expires_at=timezone.now(),
        )
    return recording


def make_job(state: str = JobState.QUEUED, recording: Recording | None = None, **facts) -> Job:
    """A job in `state` with the fields that the database wants for it."""
    now = timezone.now()
    needed = {
        JobState.PROCESSING: {
            "lease_until": now + timedelta(seconds=60),
            "started_at": now,
            "stage": "decode",
        },
        JobState.FAILED: {"error_code": "broken", "error_detail": "It is broken.", "finished_at": now},
    }.get(JobState(state), {})
    return Job.objects.create(
        **{"recording": recording or make_recording(), "state": state, "queued_at": now, **needed, **facts}
    )
