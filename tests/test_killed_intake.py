"""An intake killed by SIGKILL at any place is taken up again, and ends as if nothing had happened."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.utils import timezone

from catalog import tasks
from catalog.models import Recording, Upload
from catalog.services import clear_stale_uploads
from catalog.states import UploadState
from catalog.tests.factories import Sender, client_of, person, song_bytes
from foundation.models import OutboxEvent
from foundation.storage import storage

from .workers import database_url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def arrived(settings, tmp_path, monkeypatch) -> str:
    """The id of an upload whose file is there and that no worker was told of."""
    settings.S3_ENDPOINT_URL = ""
    settings.STORAGE_DIR = tmp_path / "storage"
    monkeypatch.setattr(tasks.take_in, "apply_async", lambda *_, **__: None)
    sender = Sender(client_of(person()))
    upload_id = sender.bring(song_bytes())
    sender.complete(upload_id)
    monkeypatch.undo()
    return upload_id


def killed_intake(upload_id: str, place: str) -> int:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
        "DATABASE_URL": database_url(),
        "BEATSIGHT_DATA_DIR": str(project.STORAGE_DIR.parent),
        "BEATSIGHT_REDIS_SOCKET": project.CACHE_ADDRESS.removeprefix("unix://").partition("?")[0],
    }
    command = [sys.executable, "-m", "tests.dying_intake", upload_id, place]
    return subprocess.run(command, env=environment, cwd=project.BASE_DIR, timeout=60).returncode


def sweep_later(upload_id: str) -> None:
    """As when the dead worker's claim has lapsed."""
    Upload.objects.filter(pk=upload_id).update(due_at=timezone.now() - timedelta(seconds=1))
    tasks.sweep_uploads()


@pytest.mark.parametrize(
    ("place", "state"),
    [
        pytest.param("catalog.intake.infection_in", UploadState.SCANNING, id="before the scan"),
        pytest.param("catalog.intake.fingerprint", UploadState.FINGERPRINTING, id="before the fingerprint"),
        pytest.param("catalog.intake.settle_upload", UploadState.FINGERPRINTING, id="with the sound stored"),
        pytest.param("catalog.services.settling.publish", UploadState.FINGERPRINTING, id="before the commit"),
    ],
)
def test_a_killed_intake_is_done_again_and_makes_one_recording(arrived, place, state):
    assert killed_intake(arrived, place) == -signal.SIGKILL
    assert Upload.objects.get().state == state
    sweep_later(arrived)
    assert Upload.objects.get().state == UploadState.IDENTIFIED
    assert list(storage().keys("")) == [Recording.objects.get().audio_key]
    assert OutboxEvent.objects.filter(name="catalog.events.UploadIdentified").count() == 1


def test_a_kill_just_after_the_commit_leaves_a_file_that_is_cleared(arrived):
    assert killed_intake(arrived, "foundation.storage.local.LocalStorage.delete") == -signal.SIGKILL
    assert Upload.objects.get().state == UploadState.IDENTIFIED
    clear_stale_uploads()
    assert list(storage().keys("")) == [Recording.objects.get().audio_key]
