import numpy as np
import pytest

from transcription.music import Beats, Hit, TempoMap, TempoMark
from transcription.tempo import onto_the_beat, steady_throughout, tempo_map

RNG = np.random.default_rng(3)
AT_120 = TempoMap(0.5, (TempoMark(0, 120.0, 4),))


def beats_at(times_s: np.ndarray, beats_per_bar: int = 4) -> Beats:
    return Beats(times_s, np.arange(len(times_s)) % beats_per_bar == 0)


def test_a_song_played_to_a_click_has_one_mark_with_a_whole_bpm():
    times_s = 0.52 + np.arange(400) * 60 / 118 + RNG.normal(0, 0.006, 400)

    tempo = tempo_map(beats_at(times_s))

    assert [(mark.tick, mark.bpm, mark.beats_per_bar) for mark in tempo.marks] == [(0, 118.0, 4)]
    assert tempo.offset_s == pytest.approx(0.52, abs=0.005)


def test_a_tempo_between_whole_numbers_stays_between_them():
    tempo = tempo_map(beats_at(0.5 + np.arange(400) * 60 / 118.4))

    assert tempo.marks[0].bpm == pytest.approx(118.4, abs=0.01)


def test_a_tempo_change_gets_a_mark_at_its_bar_line():
    slow, fast = np.arange(64) * 60 / 100, 64 * 60 / 100 + np.arange(64) * 60 / 140

    tempo = tempo_map(beats_at(0.5 + np.concatenate([slow, fast])))

    assert [mark.tick for mark in tempo.marks] == [0, 64 * 960]
    assert [mark.bpm for mark in tempo.marks] == pytest.approx([100, 140], rel=0.01)


def test_an_intro_that_was_misheard_takes_the_tempo_of_the_song():
    groping, steady = np.arange(8) * 60 / 97, 8 * 60 / 97 + np.arange(160) * 0.5
    times_s = 0.5 + np.concatenate([groping, steady])
    strokes = [Hit(float(time_s), "kick", 0.8, 0.9) for time_s in times_s[8:]]

    tempo = steady_throughout(tempo_map(beats_at(times_s)), strokes, 90.0)

    assert [(mark.tick, mark.bpm) for mark in tempo.marks] == [(0, 120.0)]
    assert (times_s[8] - tempo.offset_s + 1) % 2.0 == pytest.approx(1, abs=0.02)


def test_a_real_change_of_tempo_is_not_smoothed_away():
    times_s = 0.5 + np.concatenate([np.arange(40) * 0.61, 40 * 0.61 + np.arange(120) * 0.5])
    strokes = [Hit(float(time_s), "kick", 0.8, 0.9) for time_s in times_s]

    tempo = steady_throughout(tempo_map(beats_at(times_s)), strokes, float(times_s[-1]) + 1)

    assert [mark.bpm for mark in tempo.marks] == pytest.approx([60 / 0.61, 120], rel=0.01)


def test_ticks_of_a_map_with_changes_lie_where_the_beats_are():
    times_s = 0.5 + np.cumsum(60 / np.linspace(95, 125, 160))

    tempo = tempo_map(beats_at(times_s))

    assert np.abs(tempo.seconds_at(np.arange(160) * 960) - times_s).max() < 0.05


def test_a_waltz_is_written_in_three():
    assert tempo_map(beats_at(0.5 + np.arange(90) * 0.4, 3)).marks[0].signature == "3/4"


def test_six_eighths_are_written_in_eighths_at_the_tempo_of_quarters():
    times_s = 0.5 + np.arange(60)
    beats = Beats(times_s, np.arange(60) % 2 == 0, np.ones(60, bool))

    tempo = tempo_map(beats)

    assert [(mark.tick, mark.bpm, mark.signature) for mark in tempo.marks] == [(0, 90.0, "6/8")]
    assert tempo.seconds_at(np.arange(30) * tempo.marks[0].bar_ticks) == pytest.approx(
        times_s[::2], abs=0.001
    )


def test_a_change_of_meter_gets_a_mark_at_its_bar_line():
    is_bar_line = np.concatenate([np.arange(32) % 4 == 0, np.arange(30) % 3 == 0])

    tempo = tempo_map(Beats(0.5 + np.arange(62) * 0.5, is_bar_line))

    assert [(mark.tick, mark.signature) for mark in tempo.marks] == [(0, "4/4"), (32 * 960, "3/4")]


def test_a_change_between_dotted_and_plain_beats_is_placed_on_its_tick():
    times_s = 0.5 + np.concatenate([np.arange(16) * 0.75, 12 + np.arange(32) * 0.5])
    is_dotted = np.arange(48) < 16
    is_bar_line = np.where(is_dotted, np.arange(48) % 2 == 0, np.arange(48) % 4 == 0)

    tempo = tempo_map(Beats(times_s, is_bar_line, is_dotted))

    assert [(mark.tick, mark.signature) for mark in tempo.marks] == [(0, "6/8"), (16 * 1440, "4/4")]
    assert [mark.bpm for mark in tempo.marks] == pytest.approx([120, 120], abs=0.01)


def test_an_inserted_half_bar_moves_all_bar_lines_after_it():
    is_bar_line = np.concatenate([np.arange(66) % 4 == 0, np.arange(64) % 4 == 0])
    times_s = 0.5 + np.arange(130) * 0.5
    strokes = [Hit(float(time_s), "kick", 0.8, 0.9) for time_s in times_s]

    tempo = steady_throughout(tempo_map(Beats(times_s, is_bar_line)), strokes, 66.0)

    assert [(mark.tick // 960, mark.signature) for mark in tempo.marks] == [
        (0, "4/4"),
        (64, "2/4"),
        (66, "4/4"),
    ]


def test_a_bar_line_that_slipped_for_a_moment_is_put_back():
    is_bar_line = np.arange(128) % 4 == 0
    is_bar_line[60:76] = np.arange(16) % 4 == 1
    times_s = 0.5 + np.arange(128) * 0.5
    strokes = [Hit(float(time_s), "kick", 0.8, 0.9) for time_s in times_s]

    tempo = steady_throughout(tempo_map(Beats(times_s, is_bar_line)), strokes, 65.0)

    assert [(mark.tick, mark.signature) for mark in tempo.marks] == [(0, "4/4")]


def test_a_grid_that_lies_late_is_moved_onto_the_strokes():
    strokes = [Hit(0.5 + beat * 0.5, "snare", 0.7, 0.9) for beat in range(16)]
    late = TempoMap(0.515, AT_120.marks)

    assert onto_the_beat(late, strokes).offset_s == pytest.approx(0.5, abs=0.001)
