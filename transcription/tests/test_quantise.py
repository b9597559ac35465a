from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcription.music import Hit, Note, TempoMap, TempoMark
from transcription.quantise import FARTHEST_S, ONE_STROKE_S, quantise

AT_120 = TempoMap(0.5, (TempoMark(0, 120.0, 4),))
LOOSE_S = 0.01


def hits_at(*quarters: float, drum: str = "snare", tempo: TempoMap = AT_120, loose_s: float = 0) -> list[Hit]:
    rng = np.random.default_rng(3)
    times_s = tempo.seconds_at(np.array(quarters) * 960) + rng.normal(0, loose_s, len(quarters))
    return [Hit(float(time_s), drum, 0.7, 0.9) for time_s in times_s]


def ticks_of(notes: list[Note]) -> list[int]:
    return [note.tick for note in notes]


def at_bpm(bpm: float) -> TempoMap:
    return TempoMap(0.5, (TempoMark(0, bpm, 4),))


@pytest.mark.parametrize("bpm", [60, 120, 170])
@pytest.mark.parametrize("division", [1, 2, 3, 4])
def test_loosely_played_notes_land_on_their_division(bpm, division):
    quarters = np.arange(0, 16, 1 / division)
    tempo = at_bpm(bpm)

    notes = quantise(hits_at(*quarters, tempo=tempo, loose_s=LOOSE_S), tempo)

    assert np.mean(np.array(ticks_of(notes)) == np.rint(quarters * 960)) > 0.95


@pytest.mark.parametrize(("bpm", "swing"), [(180, 0.6), (140, 0.63), (120, 0.66), (100, 0.7)])
def test_swung_eighths_are_written_as_triplets_all_through_the_song(bpm, swing):
    tempo = at_bpm(bpm)
    swung = [beat + place for beat in range(64) for place in (0, swing)]

    notes = quantise(hits_at(*swung, drum="ride", tempo=tempo, loose_s=0.006), tempo)

    assert np.mean(np.array(ticks_of(notes)) % 960 == np.array([0, 640] * 64)) > 0.97


@pytest.mark.parametrize(("bpm", "swing"), [(85, 0.6), (95, 0.66)])
def test_swung_sixteenths_are_written_as_sextuplets(bpm, swing):
    tempo = at_bpm(bpm)
    swung = [eighth / 2 + place for eighth in range(128) for place in (0, swing / 2)]

    notes = quantise(hits_at(*swung, drum="hihat_closed", tempo=tempo, loose_s=0.006), tempo)

    assert np.mean(np.array(ticks_of(notes)) % 480 == np.array([0, 320] * 128)) > 0.97


def test_a_light_swing_at_a_slow_tempo_is_written_where_it_is_played():
    tempo = at_bpm(80)
    swung = [beat + place for beat in range(64) for place in (0, 0.58)]

    notes = quantise(hits_at(*swung, drum="ride", tempo=tempo, loose_s=0.004), tempo)

    assert set(ticks_of(notes)[1::2]) == {beat * 960 + 560 for beat in range(64)}


def test_a_drummer_who_drags_does_not_swing():
    quarters = np.arange(0, 64, 0.5)
    late_s = np.where(quarters % 1 == 0.5, 0.015, 0.0)
    hits = [replace(h, time_s=h.time_s + late) for h, late in zip(hits_at(*quarters), late_s, strict=True)]

    assert ticks_of(quantise(hits, AT_120)) == list(np.rint(quarters * 960))


def test_a_fill_of_sextuplets_stands_in_a_straight_song():
    fill = 7 + np.arange(6) / 6
    groove = [*np.arange(0, 7, 0.5), *np.arange(8, 16, 0.5)]

    notes = quantise(hits_at(*groove) + hits_at(*fill, drum="tom_high"), AT_120)

    assert [note.tick for note in notes if note.drum == "tom_high"] == list(np.rint(fill * 960))


def test_quarters_are_counted_from_the_bar_line_where_the_tempo_changes():
    tempo = TempoMap(0.0, (TempoMark(0, 120.0, 4), TempoMark(3840, 90.0, 3)))
    quarters = [0, 1 / 3, 2 / 3, 1, 2, 3, 4, 4.25, 4.5, 4.75, 5, 6]

    assert ticks_of(quantise(hits_at(*quarters, tempo=tempo), tempo)) == [round(q * 960) for q in quarters]


def test_where_a_stroke_was_played_is_kept():
    hit = Hit(1.012, "kick", 0.8, 0.9)

    (note,) = quantise([hit], AT_120)

    assert (note.tick, note.performed_s) == (960, 1.012)


def test_how_a_stroke_was_played_is_kept():
    (note,) = quantise([Hit(1.0, "snare", 0.8, 0.9, ("rim",))], AT_120)

    assert note.flags == ("rim",)


def test_one_stroke_heard_twice_is_one_note():
    hits = [Hit(1.0, "snare", 0.5, 0.4), Hit(1.004, "snare", 0.9, 0.8)]

    notes = quantise(hits, AT_120)

    assert [note.confidence for note in notes] == [0.8]


def test_the_soft_stroke_of_a_flam_keeps_its_distance_and_is_marked():
    hits = [Hit(0.972, "snare", 0.3, 0.9), Hit(1.004, "snare", 0.8, 0.9), Hit(1.5, "snare", 0.8, 0.9)]

    grace, main, other = quantise(hits, AT_120)

    assert (main.tick, main.flags, other.flags) == (960, (), ())
    assert grace.flags == ("flam",)
    assert grace.tick == 960 - round(0.032 * 2 * 960)


def test_a_drag_has_two_soft_strokes():
    hits = [
        Hit(time_s, "snare", velocity, 0.9) for time_s, velocity in ((0.92, 0.3), (0.96, 0.3), (1.0, 0.9))
    ]

    notes = quantise(hits, AT_120)

    assert [note.flags for note in notes] == [("drag",), ("drag",), ()]
    assert notes[2].tick == 960


def test_a_roll_keeps_all_its_strokes_as_notes_of_their_own():
    hits = [Hit(1.0 + 0.0417 * n, "snare", 0.5, 0.9) for n in range(24)]

    notes = quantise(hits, AT_120)

    assert ticks_of(notes) == [960 + 80 * n for n in range(24)]
    assert not any(note.flags for note in notes)


def test_a_hat_that_opens_is_no_second_stroke_at_the_same_place():
    hits = [Hit(1.0, "hihat_closed", 0.7, 0.9), Hit(1.06, "hihat_open", 0.9, 0.9)]

    first, second = quantise(hits, AT_120)

    assert first.tick < second.tick


def test_a_pick_up_lies_before_tick_zero():
    notes = quantise(hits_at(-0.5, 0), AT_120)

    assert ticks_of(notes) == [-480, 0]


def test_nothing_is_written_before_the_song_begins():
    tempo = TempoMap(0.02, (TempoMark(0, 120.0, 4),))
    hits = [Hit(0.0, "kick", 0.9, 0.9), Hit(0.0, "crash", 0.9, 0.9)]

    notes = quantise(hits, tempo)

    assert len(notes) == 2 and (tempo.seconds_at(np.array(ticks_of(notes))) >= 0).all()


def test_no_hits_are_no_notes():
    assert quantise([], AT_120) == []


def test_fifty_thousand_hits_are_as_many_notes():
    hits = [Hit(0.5 + 0.025 * n, "kick", 0.7, 0.9) for n in range(50_000)]

    assert len({note.tick for note in quantise(hits, AT_120)}) == 50_000


def test_a_thousand_hits_at_one_time_are_one_note_of_each_drum():
    hits = [Hit(1.0, drum, 0.7, 0.9) for drum in ("kick", "snare") for _ in range(500)]

    assert [note.drum for note in quantise(hits, AT_120)] == ["kick", "snare"]


@st.composite
def performances(draw) -> list[Hit]:
    """Anything: no groove, no order, strokes of a drum at least so far apart that they can be two."""
    hits = []
    for drum in draw(st.sets(st.sampled_from(["kick", "snare", "ride"]))):
        time_s = draw(st.floats(0, 3))
        for gap_s in draw(st.lists(st.floats(1.01 * ONE_STROKE_S, 0.7), max_size=40)):
            time_s += gap_s
            hits.append(Hit(time_s, drum, draw(st.floats(0.05, 1)), draw(st.floats(0.05, 1))))
    return draw(st.permutations(hits))


@st.composite
def tempo_maps(draw) -> TempoMap:
    bars = draw(st.lists(st.tuples(st.floats(20, 400), st.integers(2, 7)), min_size=1, max_size=4))
    marks, tick = [], 0
    for bpm, beats_per_bar in bars:
        marks.append(TempoMark(tick, bpm, beats_per_bar))
        tick += marks[-1].bar_ticks
    return TempoMap(draw(st.floats(0, 4)), tuple(marks))


@settings(max_examples=150, deadline=None)
@given(performances(), tempo_maps())
def test_whatever_is_heard_stays_near_in_its_order_and_whole(hits, tempo):
    notes = quantise(hits, tempo)

    assert sorted((n.performed_s, n.drum) for n in notes) == sorted((h.time_s, h.drum) for h in hits)
    written_s = tempo.seconds_at(np.array(ticks_of(notes))) if notes else np.empty(0)
    rounding_s = 2 * max(mark.seconds_per_tick for mark in tempo.marks)
    moved_s = np.abs(written_s - np.array([note.performed_s for note in notes]))
    assert (moved_s <= FARTHEST_S + rounding_s).all() and (written_s > -0.0005).all()
    by_drum = defaultdict(list)
    for note in notes:
        by_drum[note.drum].append(note)
    for of_drum in by_drum.values():
        assert len(set(ticks_of(of_drum))) == len(of_drum)
        assert [n.performed_s for n in of_drum] == sorted(n.performed_s for n in of_drum)


@settings(max_examples=30, deadline=None)
@given(performances(), tempo_maps())
def test_the_same_hits_in_any_order_are_the_same_notes(hits, tempo):
    assert quantise(hits[::-1], tempo) == quantise(hits, tempo)
