"""Beats and bars as they are found when one knows what was heard: networks good and bad, bands steady and not."""

import numpy as np
import pytest

from transcription.beats import find_beats
from transcription.music import Heard
from transcription.units import DRUMS, FRAMES_PER_SECOND, GROUPS

QUIET, UNSURE, LOUD = -6.0, -0.5, 3.0
# What a bar of two quarters, three quarters or six eighths is made of: offsets in beats by group.
ROCK = {"kick": (0, 2), "snare": (1, 3), "hihat": (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5)}
WALTZ = {"kick": (0,), "snare": (1, 2), "hihat": (0, 0.5, 1, 1.5, 2, 2.5)}
SIX_EIGHTHS = {"kick": (0,), "snare": (1,), "hihat": (0, 1 / 3, 2 / 3, 1, 4 / 3, 5 / 3)}


def silence(duration_s: float) -> Heard:
    frames = int(duration_s * FRAMES_PER_SECOND)
    quiet = (np.full((frames, len(columns)), QUIET) for columns in (DRUMS, GROUPS, (0, 1)))
    return Heard(*quiet, np.full((frames, len(GROUPS)), 0.7))


def strike(heard: Heard, group: str, time_s: float) -> None:
    heard.groups[round(time_s * FRAMES_PER_SECOND), GROUPS.index(group)] = LOUD


def tap(heard: Heard, times_s: np.ndarray, beats_per_bar: int, logit: float = LOUD) -> None:
    """The network hears these beats, and a bar line at every `beats_per_bar` from the first."""
    for number, time_s in enumerate(times_s):
        heard.beats[round(time_s * FRAMES_PER_SECOND), : 2 if number % beats_per_bar == 0 else 1] = logit


def play(heard: Heard, times_s: np.ndarray, bar: dict[str, tuple[float, ...]], beats_per_bar: int) -> None:
    """The bar is drummed along these beats, from the first."""
    for group, offsets in bar.items():
        for begin in range(0, len(times_s) - beats_per_bar + 1, beats_per_bar):
            for at_s in np.interp(begin + np.array(offsets), np.arange(len(times_s)), times_s):
                strike(heard, group, at_s)


def heard_beats(times_s: np.ndarray, beats_per_bar: int = 4) -> Heard:
    """A network that hears these beats and bar lines, a kick on every bar line and a snare on other beats."""
    heard = silence(times_s[-1] + 1)
    tap(heard, times_s, beats_per_bar)
    for number, time_s in enumerate(times_s):
        strike(heard, "snare" if number % beats_per_bar else "kick", time_s)
    return heard


def share_found(beats, true_s: np.ndarray, within_s: float = 0.05) -> float:
    return float((np.abs(beats.times_s[:, None] - true_s).min(0) < within_s).mean())


def assert_same(found_s: np.ndarray, true_s: np.ndarray) -> None:
    """Between the second true time and the last but one, these are found and nothing else."""
    within_s = found_s[(found_s > true_s[1] - 0.05) & (found_s < true_s[-2] + 0.05)]
    assert within_s == pytest.approx(true_s[1:-1], abs=0.05)


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


@pytest.mark.parametrize(
    ("bpm", "network"),
    [
        (60, "unsure"),
        (70, "unsure"),
        (95, "deaf to beats"),
        (140, "deaf to beats"),
        (190, "unsure"),
        (210, "unsure"),
    ],
)
def test_a_rock_beat_is_read_neither_at_half_nor_at_double_its_tempo(bpm, network):
    true_s = 0.7 + np.arange(96) * 60 / bpm
    heard = silence(true_s[-1] + 1)
    play(heard, true_s, ROCK, 4)
    for four_bars in true_s[::16]:  # by kick and snare alone, beat one and beat three are alike
        strike(heard, "cymbal", four_bars)
    heard.drums[:, DRUMS.index("crash")] = 0.0
    if network == "unsure":
        tap(heard, true_s, 4, UNSURE)

    beats = find_beats(heard)

    assert_same(beats.times_s, true_s)
    assert_same(beats.times_s[beats.is_bar_line], true_s[::4])


def test_a_waltz_has_bars_of_three_beats():
    true_s = 0.7 + np.arange(90) * 60 / 130
    heard = silence(true_s[-1] + 1)
    play(heard, true_s, WALTZ, 3)
    tap(heard, true_s, 3, UNSURE)

    beats = find_beats(heard)

    assert_same(beats.times_s[beats.is_bar_line], true_s[::3])


def test_six_eighths_have_two_dotted_beats_in_a_bar():
    true_s = 0.7 + np.arange(60) * 60 / 55
    heard = silence(true_s[-1] + 1)
    play(heard, true_s, SIX_EIGHTHS, 2)
    tap(heard, true_s, 2, UNSURE)

    beats = find_beats(heard)

    assert beats.is_dotted.all()
    assert_same(beats.times_s[beats.is_bar_line], true_s[::2])


def test_a_band_that_drifts_is_followed():
    true_s = 0.5 + np.cumsum(60 / (100 + 4 * np.sin(np.arange(120) / 12)))
    heard = silence(true_s[-1] + 1)
    play(heard, true_s, ROCK, 4)
    tap(heard, true_s, 4, UNSURE)

    assert share_found(find_beats(heard), true_s) > 0.97


@pytest.mark.parametrize(("slow_bpm", "fast_bpm"), [(100, 140), (80, 150)])
def test_a_sudden_change_of_tempo_is_found_within_a_bar(slow_bpm, fast_bpm):
    true_s = 0.5 + np.cumsum(np.repeat([60 / slow_bpm, 60 / fast_bpm], 64))
    heard = silence(true_s[-1] + 1)
    play(heard, true_s, ROCK, 4)
    tap(heard, true_s, 4, UNSURE)

    beats = find_beats(heard)

    assert share_found(beats, true_s) > 0.96
    assert np.median(np.diff(beats.times_s[-40:])) == pytest.approx(60 / fast_bpm, rel=0.01)


def test_an_intro_without_drums_is_counted_in_the_tempo_of_the_song():
    true_s = 0.7 + np.arange(112) * 60 / 104
    heard = silence(true_s[-1] + 1)
    play(heard, true_s[32:], ROCK, 4)
    tap(heard, true_s[32:], 4, UNSURE)

    beats = find_beats(heard)

    assert_same(beats.times_s[beats.is_bar_line & (beats.times_s > true_s[31])], true_s[32::4])
    assert np.median(np.diff(beats.times_s[:24])) == pytest.approx(60 / 104, rel=0.04)


@pytest.mark.parametrize("first", [0, 2])
def test_where_a_bar_might_begin_on_one_or_three_the_first_stroke_decides(first):
    true_s = 0.7 + np.arange(96) * 60 / 120
    heard = silence(true_s[-1] + 1)
    play(heard, true_s[first:], ROCK, 4)

    beats = find_beats(heard)

    assert_same(beats.times_s[beats.is_bar_line], true_s[first::4])


def test_bar_lines_of_which_the_network_is_unsure_count_against_each_other():
    true_s = 0.7 + np.arange(96) * 60 / 120
    heard = silence(true_s[-1] + 1)
    play(heard, true_s, ROCK, 4)
    tap(heard, true_s[2:], 4, -2.5)

    beats = find_beats(heard)

    assert_same(beats.times_s[beats.is_bar_line], true_s[2::4])


@pytest.mark.parametrize("group", ["cymbal", "tom"])
def test_a_crash_or_a_fill_on_beat_four_moves_no_bar_line(group):
    true_s = 0.7 + np.arange(96) * 60 / 110
    heard = silence(true_s[-1] + 1)
    play(heard, true_s, ROCK, 4)
    tap(heard, true_s, 4, UNSURE)
    for four in range(15, 96, 16):
        for quarter in range(4 if group == "tom" else 1):
            strike(heard, group, true_s[four] + quarter * 15 / 110)
        strike(heard, "kick", true_s[four])
    heard.drums[:, DRUMS.index("crash")] = 0.0

    beats = find_beats(heard)

    assert_same(beats.times_s[beats.is_bar_line], true_s[::4])


def test_a_song_without_a_beat_gets_an_even_grid_of_120():
    beats = find_beats(silence(10))

    assert np.diff(beats.times_s) == pytest.approx(0.5)
    assert beats.is_bar_line[:5].tolist() == [True, False, False, False, True]


@pytest.mark.parametrize("duration_s", [0.0, 0.4, 1.9, 2.0, 2.5])
def test_the_shortest_sounds_have_a_grid(duration_s):
    heard = silence(duration_s)
    heard.groups[::9] = LOUD

    beats = find_beats(heard)

    assert beats.is_bar_line.any()
    assert (np.diff(beats.times_s) > 0).all()


def test_strokes_without_any_order_still_make_beats_that_go_forward():
    rng = np.random.default_rng(5)
    heard = silence(60)
    heard.groups[:] = rng.normal(-2, 2, heard.groups.shape)
    heard.beats[:] = rng.normal(-2, 2, heard.beats.shape)

    beats = find_beats(heard)

    assert np.diff(beats.times_s).min() > 60 / 220 * 0.8
    assert np.diff(beats.times_s).max() < 2
