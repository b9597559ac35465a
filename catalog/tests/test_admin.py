"""The admin's pages open for an operator, and the one thing that can be done to an upload works."""

import pytest
from django.urls import reverse

from catalog import services, tasks
from catalog.models import Recording, Song, Upload
from catalog.states import UploadState

from .factories import client_of, person, song_bytes


@pytest.fixture
def operator(transactional_db):
    return client_of(person("olga", is_staff=True, is_superuser=True))


def test_songs_recordings_and_uploads_can_be_found_and_opened(sender, operator):
    sender.send(song_bytes(), filename="Ann - Bell.mp3")
    for model, query in ((Song, "Bell"), (Recording, "Ann"), (Upload, "dora")):
        name = model._meta.model_name
        found = operator.get(reverse(f"admin:catalog_{name}_changelist"), {"q": query})
        assert found.context["cl"].result_count == 1
        assert (
            operator.get(reverse(f"admin:catalog_{name}_change", args=[model.objects.get().pk])).status_code
            == 200
        )


def test_an_upload_that_stands_still_can_be_sent_to_a_worker_again(sender, operator, monkeypatch):
    monkeypatch.setattr(tasks.take_in, "apply_async", lambda *_, **__: None)
    upload_id = sender.bring(song_bytes())
    sender.complete(upload_id)
    services.claim_upload(upload_id)
    monkeypatch.undo()
    operator.post(
        reverse("admin:catalog_upload_changelist"),
        {"action": "take_up_again", "_selected_action": [upload_id]},
    )
    assert Upload.objects.get().state == UploadState.IDENTIFIED
