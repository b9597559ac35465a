import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.chart.tempo import TempoMap, TempoMark, TimeSignature

FOUR, THREE, SEVEN_EIGHT = TimeSignature(4, 4), TimeSignature(3, 4), TimeSignature(7, 8)


@st.composite
def tempo_maps(draw: st.DrawFn) -> TempoMap:
    ticks = [0, *sorted(draw(st.lists(st.integers(0, 2_000_000), max_size=8)))]
    bpms = st.floats(20, 400)
    signatures = st.builds(TimeSignature, st.integers(1, 13), st.sampled_from([2, 4, 8, 16]))
    marks = tuple(TempoMark(tick, draw(bpms), draw(signatures)) for tick in ticks)
    return TempoMap(marks, draw(st.floats(-5000, 5000)))


ticks = st.integers(-20_000, 4_000_000)


@given(tempo_maps(), ticks)
def test_a_tick_turned_into_ms_and_back_is_the_same_tick(tempo: TempoMap, tick: int) -> None:
    assert tempo.tick_at(tempo.ms_at(tick)) == tick


@given(tempo_maps(), ticks, ticks)
def test_a_later_tick_sounds_later(tempo: TempoMap, one: int, other: int) -> None:
    assert (one < other) == (tempo.ms_at(one) < tempo.ms_at(other))


@given(tempo_maps(), st.floats(0, 500_000))
def test_a_time_comes_back_from_its_tick_within_half_a_tick(tempo: TempoMap, ms: float) -> None:
    longest_tick_ms = max(mark.ms_of(1) for mark in tempo.marks)
    assert abs(tempo.ms_at(tempo.tick_at(ms)) - ms) <= longest_tick_ms / 2 + 1e-6


@given(tempo_maps(), ticks)
def test_every_tick_lies_inside_its_bar(tempo: TempoMap, tick: int) -> None:
    bar = tempo.bar_at(tick)
    assert bar.tick <= tick < tempo.end_of(bar)


@given(tempo_maps(), ticks)
def test_bars_follow_each_other_without_gap_and_are_numbered_without_gap(tempo: TempoMap, tick: int) -> None:
    bar = tempo.bar_at(tick)
    following = tempo.bar_at(tempo.end_of(bar))
    assert (following.number, following.tick) == (bar.number + 1, tempo.end_of(bar))


def test_a_quarter_note_at_120_bpm_lasts_half_a_second() -> None:
    assert TempoMap((TempoMark(0, 120),), offset_ms=250).ms_at(960) == 750


def test_a_tempo_mark_changes_the_speed_from_its_tick_on() -> None:
    tempo = TempoMap((TempoMark(0, 120), TempoMark(1920, 60)))
    assert [tempo.ms_at(tick) for tick in (960, 1920, 2880)] == [500, 1000, 2000]


def test_of_two_marks_at_one_tick_the_later_one_holds() -> None:
    tempo = TempoMap((TempoMark(0, 120), TempoMark(960, 90), TempoMark(960, 60)))
    assert tempo.ms_at(1920) - tempo.ms_at(960) == 1000


def test_the_and_of_two_is_beat_two_and_a_half() -> None:
    tempo = TempoMap((TempoMark(0, 120),))
    assert (tempo.bar_at(3840 + 1440).number, tempo.beat_at(3840 + 1440)) == (2, 2.5)


def test_beats_of_seven_eight_are_eighth_notes() -> None:
    tempo = TempoMap((TempoMark(0, 120, SEVEN_EIGHT),))
    assert (tempo.bar_at(3359).number, tempo.beat_at(2880)) == (1, 7)


def test_a_pick_up_before_the_first_beat_is_in_bar_0() -> None:
    tempo = TempoMap((TempoMark(0, 120),), offset_ms=1000)
    assert (tempo.bar_at(-960).number, tempo.beat_at(-960), tempo.ms_at(-960)) == (0, 4, 500)


def test_a_tempo_mark_inside_a_bar_begins_no_new_bar() -> None:
    tempo = TempoMap((TempoMark(0, 120), TempoMark(1920, 140)))
    assert tempo.bar_at(1920).tick == 0


def test_a_new_time_signature_inside_a_bar_cuts_it_short_and_begins_the_next() -> None:
    tempo = TempoMap((TempoMark(0, 120, FOUR), TempoMark(4800, 120, THREE)))
    assert [(bar.number, bar.tick) for bar in tempo.bars(0, 8000)] == [
        (1, 0),
        (2, 3840),
        (3, 4800),
        (4, 7680),
    ]


def test_a_tempo_map_without_a_mark_at_tick_0_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="tick 0"):
        TempoMap((TempoMark(960, 120),))


def test_marks_out_of_order_make_no_tempo_map() -> None:
    with pytest.raises(ValueError, match="order"):
        TempoMap((TempoMark(0, 120), TempoMark(960, 120), TempoMark(480, 120)))
