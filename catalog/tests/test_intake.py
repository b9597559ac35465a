"""A good song's way in, through the API with real bytes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog import intake, services, tasks
from catalog.models import Recording, Song, Upload
from catalog.selectors import may_hear
from catalog.states import UploadState
from foundation.live import snapshot
from foundation.models import OutboxEvent
from foundation.storage import storage

from .factories import Sender, client_of, person, song_bytes


def test_a_song_that_nobody_has_becomes_a_recording(sender):
    upload = sender.send(song_bytes(), filename="03 The Meters - Cissy Strut.mp3")
    recording = Recording.objects.get()
    assert (upload["state"], upload["recording"]) == ("identified", str(recording.pk))
    assert (recording.song.artist, recording.song.title) == ("The Meters", "Cissy Strut")
    assert abs(recording.duration_ms - 16_000) < 100


def test_a_new_recordings_sound_is_kept_and_the_incoming_file_is_not(sender, place):
    sender.send(song_bytes())
    recording = Recording.objects.get()
    assert recording.audio_key == f"audio/{recording.pk}"
    assert recording.audio_type == "audio/mpeg"
    assert list(place.keys("")) == [recording.audio_key]
    with place.open(recording.audio_key) as kept:
        assert kept.read() == song_bytes()


@pytest.mark.parametrize(
    ("ending", "options"),
    [
        ("wav", ()), ("mp3", ()), ("flac", ()), ("ogg", ("-c:a", "libvorbis")), ("opus", ()), ("m4a", ("-c:a", "aac")),
    ],
)  # fmt: skip
def test_every_kind_of_sound_is_taken_by_its_content_not_its_name(sender, ending, options):
    upload = sender.send(song_bytes(1, ending, *options), filename="song.bin", content_type="")
    assert upload["state"] == "identified", upload["reason"]


@pytest.mark.parametrize(
    "again",
    [
        pytest.param({"ending": "mp3", "options": ("-b:a", "96k")}, id="mp3 at 96 kbit/s"),
        pytest.param({"ending": "ogg", "options": ("-c:a", "libvorbis")}, id="ogg"),
        pytest.param({"gain": 1.41}, id="3 dB louder"),
        pytest.param({"cut_s": 2}, id="2 s cut from its start"),
    ],
)
def test_the_same_song_in_another_form_is_the_same_recording(sender, place, again):
    first = sender.send(song_bytes(1, "flac"))
    form = {"ending": "mp3", "options": (), **again}
    ending, options = form.pop("ending"), form.pop("options")
    second = sender.send(song_bytes(1, ending, *options, **form))
    assert second["recording"] == first["recording"]
    assert second["candidates"][0]["source"] == "catalogue"
    assert list(place.keys("")) == [f"audio/{first['recording']}"]


def test_another_song_is_another_recording(sender):
    assert sender.send(song_bytes(1))["recording"] != sender.send(song_bytes(2))["recording"]


def test_an_excerpt_is_another_recording_of_the_same_song(sender):
    whole = sender.send(song_bytes(1, duration_s=45))
    excerpt = sender.send(song_bytes(1, "mp3", "-t", "20", duration_s=45))
    assert excerpt["song"] == whole["song"]
    assert excerpt["recording"] != whole["recording"]


def test_a_recording_without_sound_keeps_the_next_one_that_comes(sender, place):
    first = sender.send(song_bytes())
    Recording.objects.update(audio_key="", audio_type="")
    place.delete(f"audio/{first['recording']}")
    second = sender.send(song_bytes())
    recording = Recording.objects.get()
    assert recording.audio_key == f"audio/{second['id']}"
    assert list(place.keys("")) == [recording.audio_key]


def test_whoever_brings_a_known_recording_may_hear_it_too(sender, place):
    sender.send(song_bytes())
    recording, other = Recording.objects.get(), person("otto")
    assert not may_hear(other, recording)
    Sender(client_of(other)).send(song_bytes())
    assert may_hear(other, recording)


def test_a_song_without_tags_and_name_gets_a_placeholder_title(sender):
    sender.send(song_bytes(), filename=".mp3")
    assert Song.objects.get().title == Song.PLACEHOLDER_TITLE


def test_tags_name_the_song_and_its_genre(sender):
    tagged = song_bytes(
        1, "mp3", "-metadata", "title=Bell", "-metadata", "artist=Ann", "-metadata", "genre=Hard Rock"
    )
    upload = sender.send(tagged, filename="x - y.mp3")
    song = Song.objects.get()
    assert (song.title, song.artist, song.genre) == ("Bell", "Ann", "rock")
    assert [candidate["source"] for candidate in upload["candidates"]] == ["tags", "filename"]


def test_an_identified_upload_is_told_to_the_rooms_above(sender):
    upload = sender.send(song_bytes())
    told = OutboxEvent.objects.get(name="catalog.events.UploadIdentified").payload
    assert told == {"upload_id": upload["id"], "recording_id": upload["recording"], "is_new": True}


def test_two_completes_run_one_intake(sender):
    upload_id = sender.bring(song_bytes())
    answers = [sender.complete(upload_id) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert OutboxEvent.objects.filter(name="catalog.events.UploadArrived").count() == 1
    assert answers[1].json()["state"] == "identified"


def test_a_guest_may_bring_one_song(guest):
    assert guest.send(song_bytes())["state"] == "identified"
    refused = guest.ask(song_bytes(2))
    assert (refused.status_code, refused.json()["code"]) == (403, "guest_limit")
    assert "Sign up" in refused.json()["detail"]


def test_a_guest_whose_file_was_refused_may_bring_another(guest):
    assert guest.send(b"no sound" * 100)["state"] == "rejected"
    assert guest.send(song_bytes())["state"] == "identified"


def test_a_guest_who_chooses_another_file_before_sending_gives_the_first_up(guest):
    first = guest.ask(song_bytes()).json()
    assert guest.send(song_bytes(2))["state"] == "identified"
    assert guest.state(first["id"])["reason"]["code"] == "replaced"


def test_what_a_guest_brought_belongs_to_the_account_that_they_sign_in_to(guest):
    upload = guest.send(song_bytes())
    someone = person("ann")
    guest.client.post("/accounts/login/", {"login": "ann", "password": "a-Passw0rd"})
    assert Upload.objects.get(pk=upload["id"]).owner == someone
    assert Song.objects.get().added_by == someone


def test_a_repeated_request_gives_the_same_upload(sender):
    body = {"filename": "a.mp3", "size": 10, "content_type": "audio/mpeg"}
    answers = [
        sender.client.post("/api/v1/uploads", body, "application/json", headers={"Idempotency-Key": "k1"})
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert Upload.objects.count() == 1


def test_progress_is_told_at_every_state(sender, monkeypatch):
    told = []
    monkeypatch.setattr(
        "catalog.services.progress.tell", lambda topic, data: told.append((topic, data["state"]))
    )
    upload_id = sender.bring(song_bytes())
    sender.complete(upload_id)
    states = [state for topic, state in told if topic == f"upload:{upload_id}"]
    assert list(dict.fromkeys(states)) == ["uploaded", "scanning", "fingerprinting", "identified"]


def test_only_its_sender_may_watch_an_upload(sender, dora):
    upload_id = sender.bring(song_bytes())
    assert snapshot(dora, f"upload:{upload_id}")["state"] == "requested"
    assert snapshot(person("otto"), f"upload:{upload_id}") is None
    assert snapshot(dora, "upload:nonsense") is None


def pass_time(upload_id) -> None:
    Upload.objects.filter(pk=upload_id).update(due_at=timezone.now() - timedelta(minutes=1))


class TestAWorkerThatDies:
    """kill -9 leaves a row with a claim that lapses; here the claim is made and nobody comes back."""

    @pytest.fixture
    def left(self, sender, monkeypatch) -> Upload:
        monkeypatch.setattr(tasks.take_in, "apply_async", lambda *_, **__: None)
        upload_id = sender.bring(song_bytes())
        sender.complete(upload_id)
        monkeypatch.undo()
        return Upload.objects.get(pk=upload_id)

    def test_an_upload_that_no_worker_was_told_of_is_swept_up(self, left):
        pass_time(left.pk)
        tasks.sweep_uploads()
        assert Upload.objects.get().state == UploadState.IDENTIFIED

    @pytest.mark.parametrize("step", [UploadState.UPLOADED, UploadState.SCANNING, UploadState.FINGERPRINTING])
    def test_the_next_worker_begins_again_in_any_step(self, left, step):
        dead = services.claim_upload(left.pk)
        Upload.objects.update(state=step)
        pass_time(left.pk)
        tasks.sweep_uploads()
        upload = Upload.objects.get()
        assert (upload.state, upload.tries) == (UploadState.IDENTIFIED, dead.tries + 1)
        assert Recording.objects.count() == 1

    def test_a_sound_stored_before_the_death_is_stored_over(self, left, place):
        services.claim_upload(left.pk)
        place.put_bytes(f"audio/{left.pk}", b"half of it", "audio/mpeg")
        pass_time(left.pk)
        tasks.sweep_uploads()
        with place.open(f"audio/{left.pk}") as kept:
            assert kept.read() == song_bytes()
        assert list(place.keys("")) == [f"audio/{left.pk}"]

    def test_while_one_worker_has_it_no_other_gets_it(self, left):
        assert services.claim_upload(left.pk)
        assert services.claim_upload(left.pk) is None

    def test_a_worker_that_was_thought_dead_writes_nothing(self, left):
        slow = services.claim_upload(left.pk)
        pass_time(left.pk)
        tasks.sweep_uploads()
        for write in (
            lambda: services.enter(slow, UploadState.SCANNING),
            lambda: services.reject_upload(slow, "broken", "No."),
        ):
            with pytest.raises(services.ClaimLost):
                write()
        assert Upload.objects.get().state == UploadState.IDENTIFIED

    def test_after_three_tries_it_is_rejected_with_a_reason(self, left, place):
        for _ in range(3):
            assert services.claim_upload(left.pk)
            pass_time(left.pk)
        tasks.sweep_uploads()
        upload = Upload.objects.get()
        assert (upload.state, upload.reason_code) == (UploadState.REJECTED, "gave_up")
        assert list(place.keys("")) == []

    def test_what_breaks_beside_the_file_is_tried_again_a_little_later(self, left, monkeypatch):
        monkeypatch.setattr(intake, "inspect", lambda *_: 1 / 0)
        intake.take_in(left.pk)
        upload = Upload.objects.get()
        assert (upload.state, upload.tries) == (UploadState.SCANNING, 1)
        assert upload.due_at < timezone.now() + timedelta(seconds=15)

    def test_an_operator_can_send_it_to_a_worker_at_once(self, left):
        services.claim_upload(left.pk)
        assert services.take_up_again(left.pk)
        assert Upload.objects.get().state == UploadState.IDENTIFIED


def test_the_same_song_sent_twice_at_once_is_one_recording(sender, monkeypatch):
    """The second one looked before the first one was added: under the lock it looks again."""
    first, second = sender.bring(song_bytes(1, "flac")), sender.bring(song_bytes(1, "mp3"))

    look = intake.known_sound

    def meanwhile_the_first_is_added(heard):
        monkeypatch.setattr(intake, "known_sound", look)
        found = look(heard)
        sender.complete(first)
        return found

    monkeypatch.setattr(intake, "known_sound", meanwhile_the_first_is_added)
    sender.complete(second)
    assert sender.state(second)["recording"] == sender.state(first)["recording"]
    assert list(storage().keys("")) == [f"audio/{first}"]
