import numpy as np
import pytest

from transcription.beats import find_beats
from transcription.music import Heard
from transcription.units import DRUMS, FRAMES_PER_SECOND, GROUPS

QUIET, LOUD = -6.0, 3.0


def heard_beats(times_s: np.ndarray, beats_per_bar: int = 4, frames: int | None = None) -> Heard:
    """A network that hears these beats, and bar lines at every `beats_per_bar` from the first."""
    frames = frames or int(times_s[-1] * FRAMES_PER_SECOND) + 100
    beats, groups = np.full((frames, 2), QUIET), np.full((frames, len(GROUPS)), QUIET)
    for number, time_s in enumerate(times_s):
        frame = round(time_s * FRAMES_PER_SECOND)
        beats[frame, 0] = LOUD
        beats[frame, 1] = LOUD if number % beats_per_bar == 0 else QUIET
        groups[frame, GROUPS.index("kick" if number % beats_per_bar == 0 else "snare")] = LOUD
    return Heard(np.full((frames, len(DRUMS)), QUIET), groups, beats, np.zeros((frames, len(GROUPS))))


@pytest.mark.parametrize("bpm", [62, 84, 100, 118, 133, 150, 176, 198])
def test_a_steady_pulse_is_found_at_its_own_tempo(bpm):
    true_s = 0.7 + np.arange(80) * 60 / bpm

    beats = find_beats(heard_beats(true_s))

    assert 60 / np.diff(beats.times_s).mean() == pytest.approx(bpm, rel=0.01)
    assert np.abs(beats.times_s[:, None] - true_s).min(0).max() < 0.03


@pytest.mark.parametrize("beats_per_bar", [3, 4])
def test_bars_begin_where_the_bar_lines_are(beats_per_bar):
    true_s = 0.7 + np.arange(72) * 0.5

    beats = find_beats(heard_beats(true_s, beats_per_bar))

    lines_s = beats.times_s[beats.is_bar_line]
    assert np.diff(lines_s) == pytest.approx(beats_per_bar * 0.5, abs=0.03)
    assert lines_s[0] == pytest.approx(0.7, abs=0.03)


def test_a_band_that_speeds_up_is_followed():
    true_s = 0.5 + np.cumsum(60 / np.linspace(100, 125, 120))

    beats = find_beats(heard_beats(true_s))

    is_found = np.abs(beats.times_s[:, None] - true_s).min(0) < 0.05
    assert is_found.mean() > 0.95


def test_a_song_without_a_beat_gets_an_even_grid_of_120():
    heard = heard_beats(np.array([0.5]), frames=1_000)
    heard.beats[:], heard.groups[:] = QUIET, QUIET

    beats = find_beats(heard)

    assert np.diff(beats.times_s) == pytest.approx(0.5)
    assert beats.is_bar_line[:5].tolist() == [True, False, False, False, True]
