"""The benchmark's own parts, on sounds with known answers."""

import json
import subprocess
import sys

import numpy as np
import pytest

from benchmarks.ear import band_energies
from benchmarks.ear.__main__ import measured
from benchmarks.ear.listeners import LISTENERS
from benchmarks.ear.songs import songs_in
from training.scoring.matching import pairs
from transcription import score
from transcription.music import Note, TempoMap, TempoMark
from transcription.tests.sounds import rock_beat, write_wav


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A song of which everything is known, as `training.held_out` writes them."""
    folder = tmp_path_factory.mktemp("songs")
    samples, times = rock_beat(100, 6)
    write_wav(folder / "rock_drum.wav", samples)
    write_wav(folder / "rock_mix.wav", samples)
    tempo = TempoMap(0.5, (TempoMark(0, 100.0, 4),))
    notes = [
        Note(round(float(tempo.ticks_at(np.array([time_s]))[0])), drum, 0.8, None, float(time_s))
        for drum, struck_s in times.items()
        for time_s in struck_s
    ]
    about = score.About("rock", "nobody", "rock_mix.wav", "", len(samples) / 44_100)
    score.write(score.document(notes, tempo, about), folder / "rock.bsm")
    return folder


def test_band_energies_rise_wherever_something_is_struck():
    samples, times = rock_beat(100, 6)

    found = band_energies.strokes(samples)

    for drum, true_s in times.items():
        found_s = np.array([time_s for time_s, name in found if name == drum])
        assert len(pairs(true_s, found_s)[0]) >= 0.9 * len(true_s), drum
    assert len(found) < 3 * len(times["hihat_closed"])
    assert band_energies.strokes(np.zeros(44_100, np.float32)) == []


def test_a_folder_gives_its_recordings_with_their_truth(folder):
    drums, mix = songs_in(folder, "synthetic")

    assert (drums.input, mix.input) == ("drums", "mix")
    assert len(drums.truth.strokes) == 48 + 24 and drums.truth.bar_lines_s[0] == pytest.approx(0.5)


def test_a_folder_without_a_truth_is_said_in_words(tmp_path):
    with pytest.raises(ValueError, match="holds no NAME_drum or NAME_mix"):
        songs_in(tmp_path, "real")


def test_our_ear_and_the_baseline_get_a_row_each_with_figures_that_fit_a_plain_beat(folder):
    listeners = [listener for listener in LISTENERS if listener.name in ("ours", "band energies")]
    songs = [song for song in songs_in(folder, "synthetic") if song.input == "drums"]

    rows = {row[2]: found for row, found in measured(songs, listeners)}

    assert list(rows) == ["ours", "ours, on the grid", "band energies"]
    assert rows["ours"]["F3"] > 0.9 and rows["ours"]["tempo"] == 1.0 and rows["ours"]["MB"] > 50
    assert 0 <= rows["ours"]["ECE"] <= 1 and rows["ours"]["edits"] < 40
    assert "beat" not in rows["band energies"] and rows["band energies"]["F3"] > 0.6


def test_a_peer_prints_what_it_hears(folder):
    command = [sys.executable, "-m", "benchmarks.ear.peers", "band energies", str(folder / "rock_drum.wav")]
    heard = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    assert heard["strokes"] and heard["beats_s"] == [] and heard["listening_s"] > 0
