"""What a song may be called: AcoustID, tags, the file's name; and the fingerprint that a browser sends."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from catalog.fingerprints import Fingerprint, fingerprint
from catalog.models import Recording, Song
from catalog.naming import tidy, words_of_filename
from catalog.recognition import acoustid
from catalog.recognition.candidates import Candidate, best_first
from catalog.recognition.sources import candidates_by_sound, candidates_for
from tests.acoustid import recording

from .factories import JSON, person, recording_of, song_bytes

HEARD = Fingerprint(np.arange(900, dtype=np.uint32), 200_000)


@pytest.fixture
def known_to_acoustid(place, settings, acoustid_server):
    settings.ACOUSTID_API_KEY, settings.ACOUSTID_URL = "a-key", acoustid_server.url
    return acoustid_server


@pytest.mark.parametrize(
    ("name", "title", "artist"),
    [
        ("The Meters - Cissy Strut.mp3", "Cissy Strut", "The Meters"),
        ("01 The Meters - Cissy Strut.mp3", "Cissy Strut", "The Meters"),
        ("03 - Cissy Strut.flac", "Cissy Strut", ""),
        ("1-07. Cissy Strut.flac", "Cissy Strut", ""),
        ("The Meters - 07 - Cissy Strut.ogg", "Cissy Strut", "The Meters"),
        ("the_meters_-_cissy_strut.mp3", "cissy strut", "the meters"),
        ("Nena – 99 Luftballons (Official Video) [320 kbps].m4a", "99 Luftballons", "Nena"),
        ("99 Luftballons.mp3", "99 Luftballons", ""),
        ("1979.mp3", "1979", ""),
        ("track 01.wav", "", ""),
        (".mp3", "", ""),
        ("", "", ""),
    ],
)
def test_a_files_name_tells_title_and_artist(name, title, artist):
    assert words_of_filename(name) == (title, artist)


def test_names_are_kept_as_one_line_of_visible_text():
    assert tidy(" a\tb\x00\u2028c  d\x1b[0m ") == "a b c d [0m"
    assert tidy("\u202egnos \u2066x\u2069") == "gnos x"


def test_a_name_that_two_sources_give_is_shown_once_under_its_best_score():
    found = best_first([Candidate("One", "A", 0.3, "filename"), Candidate("one", "a", 0.9, "acoustid")])
    assert [(each.source, each.score) for each in found] == [("acoustid", 0.9)]


def test_acoustid_names_the_song(known_to_acoustid, sender):
    known_to_acoustid.knows(0.95, recording("r1", "Cissy Strut", "The Meters", 16))
    upload = sender.send(song_bytes(), filename="track 01.mp3")
    assert upload["candidates"] == [
        {
            "title": "Cissy Strut",
            "artist": "The Meters",
            "score": 0.95,
            "source": "acoustid",
            "recording_mbid": "r1",
        }
    ]
    assert Song.objects.get().title == "Cissy Strut"


def test_acoustid_is_asked_with_the_fingerprint_and_the_length(known_to_acoustid):
    candidates_by_sound(HEARD)
    asked = known_to_acoustid.requests[0]
    assert (asked["client"], asked["duration"], asked["fingerprint"]) == ("a-key", "200", HEARD.compressed)


def test_of_several_recordings_under_one_id_the_one_of_our_length_comes_first(known_to_acoustid):
    known_to_acoustid.knows(
        0.95,
        recording("long", "Live version", "A", 320),
        recording("ours", "Studio version", "A", 201),
        recording("unnamed", "", "A", 200),
    )
    assert [each.recording_mbid for each in candidates_by_sound(HEARD)] == ["ours", "long"]


def test_a_better_fingerprint_beats_a_worse_one_of_the_same_length(known_to_acoustid):
    known_to_acoustid.knows(0.6, recording("worse", "Worse", "A", 200))
    known_to_acoustid.knows(0.9, recording("better", "Better", "A", 200), track="other")
    assert [each.recording_mbid for each in candidates_by_sound(HEARD)] == ["better", "worse"]


def test_nothing_is_asked_twice(known_to_acoustid):
    known_to_acoustid.knows(0.95, recording("r1", "One", "A", 200))
    assert candidates_by_sound(HEARD) == candidates_by_sound(HEARD) != []
    assert len(known_to_acoustid.requests) == 1


def test_an_error_of_acoustid_leaves_the_tags_and_is_not_remembered(known_to_acoustid, sender):
    known_to_acoustid.fails_with(5)
    tagged = song_bytes(1, "mp3", "-metadata", "title=Bell", "-metadata", "artist=Ann")
    assert sender.send(tagged, filename="")["candidates"][0]["source"] == "tags"
    known_to_acoustid.fails_with(None)
    known_to_acoustid.knows(0.95, recording("r1", "One", "A", 200))
    assert candidates_by_sound(HEARD)[0].recording_mbid == "r1"


def test_an_acoustid_that_is_away_leaves_the_tags(place, settings, tmp_path):
    settings.ACOUSTID_API_KEY, settings.ACOUSTID_URL = "a-key", "http://127.0.0.1:9/v2/lookup"
    path = tmp_path / "song"
    path.write_bytes(song_bytes(1, "mp3", "-metadata", "title=Bell"))
    assert [each.source for each in candidates_for(HEARD, path, "")[0]] == ["tags"]


def test_without_a_key_nobody_is_asked(known_to_acoustid, settings):
    settings.ACOUSTID_API_KEY = ""
    assert candidates_by_sound(HEARD) == []
    assert known_to_acoustid.requests == []


def test_all_processes_share_three_turns_a_second(place):
    """Each turn is a key that Redis itself expires; what is counted are turns, each a third of a second long."""
    began = time.monotonic()
    with ThreadPoolExecutor(5) as threads:
        list(threads.map(lambda _: acoustid._wait_for_a_turn(), range(5)))
    assert time.monotonic() - began >= 4 * 0.33


@pytest.mark.parametrize(
    ("ending", "options"),
    [
        ("mp3", ()),
        ("flac", ()),
        ("ogg", ("-c:a", "libvorbis")),
        ("opus", ()),
        ("m4a", ("-c:a", "aac")),
        ("wav", ()),
    ],
)
def test_tags_are_read_from_every_kind_that_has_them(tmp_path, place, ending, options):
    path = tmp_path / "song"
    path.write_bytes(song_bytes(1, ending, *options, "-metadata", "title=Bell", "-metadata", "artist=Ann"))
    names = [(each.title, each.artist) for each in candidates_for(HEARD, path, "")[0]]
    assert names == ([] if ending == "wav" else [("Bell", "Ann")])  # what ffmpeg writes into a WAV is no ID3


class TestIdentify:
    """`POST /identify`: before a byte of the song has left the browser."""

    @pytest.fixture
    def heard(self, tmp_path) -> Fingerprint:
        path = tmp_path / "song.mp3"
        path.write_bytes(song_bytes())
        return fingerprint(path)

    @staticmethod
    def ask(sender, fingerprint: str, duration_ms: int = 16_000):
        body = {"fingerprint": fingerprint, "duration_ms": duration_ms}
        return sender.client.post("/api/v1/identify", body, JSON)

    def test_our_own_recording_is_found(self, sender, heard):
        ours = recording_of(heard)
        answer = self.ask(sender, heard.compressed).json()
        assert (answer["recording"], answer["song"]) == (str(ours.pk), str(ours.song.pk))
        assert answer["candidates"][0]["title"] == "Known song"
        assert answer["verified_maps"] == []

    def test_another_cut_is_the_song_without_the_recording(self, sender, heard):
        ours = recording_of(heard)
        Recording.objects.update(duration_ms=90_000, fingerprint_hash="another")
        answer = self.ask(sender, heard.compressed).json()
        assert (answer["recording"], answer["song"]) == (None, str(ours.song.pk))

    def test_a_recording_that_was_deleted_is_not_found_any_more(self, sender, heard):
        recording_of(heard)
        Recording.objects.update(fingerprint_hash="another")
        assert self.ask(sender, heard.compressed).json()["recording"]
        Song.objects.all().delete()
        assert self.ask(sender, heard.compressed).json()["recording"] is None

    def test_an_unknown_sound_is_nothing_of_ours(self, sender, heard):
        nothing = {"recording": None, "song": None, "verified_maps": [], "candidates": []}
        assert self.ask(sender, heard.compressed).json() == nothing

    def test_nobody_needs_to_sign_in_and_nobody_is_made(self, guest, heard):
        assert self.ask(guest, heard.compressed).status_code == 200
        assert not User.objects.exists()

    @pytest.mark.parametrize("text", ["!", "AQAA", "AQAAAA", "x" * 50_000, "AQ" + "_" * 3000])
    def test_what_is_no_fingerprint_is_refused(self, sender, text):
        answer = self.ask(sender, text)
        assert (answer.status_code, answer.json()["code"]) == (422, "fingerprint_invalid")

    @pytest.mark.parametrize("duration_ms", [0, -1, 10**12])
    def test_a_length_that_no_song_has_is_refused(self, sender, heard, duration_ms):
        assert self.ask(sender, heard.compressed, duration_ms).status_code == 400

    def test_it_can_be_asked_so_many_times_an_hour(self, sender, settings):
        settings.RATE_LIMITS = settings.RATE_LIMITS | {"identify": (1, 3600)}
        self.ask(sender, "!")
        answer = self.ask(sender, "!")
        assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
        assert int(answer["Retry-After"]) > 0


class TestTheCommand:
    def test_it_shows_what_a_song_is(self, transactional_db, place, tmp_path, capsys):
        path = tmp_path / "Ann - Bell.mp3"
        path.write_bytes(song_bytes())
        heard = fingerprint(path)
        recording_of(heard)
        call_command("fingerprint", str(path))
        shown = capsys.readouterr().out
        assert heard.hash in shown
        assert "The Knowns – Known song" in shown
        assert "Ann – Bell" in shown

    def test_it_says_why_it_can_not_read_a_file(self, db, tmp_path):
        (tmp_path / "a.mp3").write_text("no song")
        with pytest.raises(CommandError, match="not_audio"):
            call_command("fingerprint", str(tmp_path / "a.mp3"))


def test_a_freely_licensed_recording_may_be_heard_by_everybody(db):
    from django.contrib.auth.models import AnonymousUser

    from catalog.selectors import may_hear

    ours = recording_of(HEARD)
    assert not may_hear(AnonymousUser(), ours)
    assert not may_hear(person(), ours)
    ours.is_freely_licensed = True
    assert may_hear(AnonymousUser(), ours)
