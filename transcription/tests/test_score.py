import json

from transcription import score
from transcription.music import Note, Section, TempoMap, TempoMark

TEMPO = TempoMap(0.5, (TempoMark(0, 120.0, 4), TempoMark(3840, 100.0, 3)))
ABOUT = score.About("Song", "Band", "song.mp3", "0" * 64, 12.3456)
NOTES = [
    Note(0, "kick", 0.812, 0.91, 0.498),
    Note(0, "crash", 0.9, 0.8, 0.5),
    Note(4800, "tom_low", 0.5, 0.7, 3.11),
]


def test_every_required_key_is_there():
    written = score.document(NOTES, TEMPO, ABOUT)

    assert written["version"] == "1.1.0"
    assert {"title", "artist", "creator", "difficulty", "beatmapId", "createdAt"} <= written[
        "metadata"
    ].keys()
    assert written["audio"] == {
        "filename": "song.mp3",
        "hash": "sha256:" + "0" * 64,
        "duration": 12346,
        "sampleRate": 44100,
    }
    assert written["drumKit"]["components"] == ["kick", "crash", "tom_low"]


def test_times_follow_from_ticks_and_tempo_map():
    written = score.document(NOTES, TEMPO, ABOUT)

    assert [(hit["id"], hit["tick"], hit["time"]) for hit in written["hitObjects"]] == [
        ("n1", 0, 500),
        ("n2", 0, 500),
        ("n3", 4800, 3100),
    ]
    assert [(point["tick"], point["time"]) for point in written["timing"]["timingPoints"]] == [
        (0, 500),
        (3840, 2500),
    ]
    assert [point["timeSignature"] for point in written["timing"]["timingPoints"]] == ["4/4", "3/4"]


def test_a_note_carries_lane_velocity_confidence_and_where_it_was_heard():
    kick = score.document(NOTES, TEMPO, ABOUT)["hitObjects"][0]

    assert kick == {
        "id": "n1",
        "time": 500,
        "tick": 0,
        "component": "kick",
        "lane": 0,
        "velocity": 0.81,
        "performed": 498.0,
        "confidence": 0.91,
    }


def test_how_a_stroke_was_played_is_a_flag():
    flam = Note(900, "snare", 0.3, 0.9, 0.97, ("flam",))

    (hit,) = score.document([flam], TEMPO, ABOUT)["hitObjects"]

    assert hit["flags"] == ["flam"]


def test_sections_are_bookmarks_with_names_beside_them():
    editor = score.document(NOTES, TEMPO, ABOUT, sections=[Section(0, "A"), Section(3840, "B")])["editor"]

    assert editor["bookmarks"] == [500, 2500]
    assert editor["sections"] == [
        {"time": 500, "tick": 0, "label": "A"},
        {"time": 2500, "tick": 3840, "label": "B"},
    ]


def test_every_percussion_instrument_has_its_lane():
    notes = [
        Note(0, drum, 0.8, None, 0.5) for drum in ("tambourine", "cowbell", "ride_bell", "china", "splash")
    ]

    written = score.document(notes, TEMPO, ABOUT)

    assert {hit["lane"] for hit in written["hitObjects"]} == {6}
    assert written["drumKit"]["components"] == ["ride_bell", "china", "splash", "cowbell", "tambourine"]


def test_an_empty_map_is_a_map(tmp_path):
    path = tmp_path / "empty.bsm"

    score.write(score.document([], TEMPO, ABOUT), path)

    written = json.loads(path.read_text())
    assert written["hitObjects"] == [] and written["metadata"]["difficulty"] == 0.0
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["empty.bsm"]
