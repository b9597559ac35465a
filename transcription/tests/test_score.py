import json

import pytest

from transcription import score
from transcription.music import Note, TempoMap, TempoMark

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
    assert written["drumKit"]["components"] == ["kick", "tom_low", "crash"]


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


@pytest.mark.parametrize(("strokes_a_second", "expected"), [(3, 3.1), (6, 5.3), (18, 8.9)])
def test_difficulty_grows_with_the_strokes_a_second_and_stays_under_ten(strokes_a_second, expected):
    times_ms = [round(1000 * n / strokes_a_second) for n in range(strokes_a_second * 20)]
    notes = [Note(0, "snare", 0.8, None, 0.0)] * len(times_ms)

    assert score.difficulty(notes, times_ms) == pytest.approx(expected, abs=0.15)


def test_an_empty_map_is_a_map(tmp_path):
    path = tmp_path / "empty.bsm"

    score.write(score.document([], TEMPO, ABOUT), path)

    written = json.loads(path.read_text())
    assert written["hitObjects"] == [] and written["metadata"]["difficulty"] == 0.0
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["empty.bsm"]
