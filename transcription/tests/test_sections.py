import json
from collections.abc import Iterable

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transcription.music import Note, TempoMap, TempoMark
from transcription.sections import REST, find_sections
from transcription.tests.sounds import DEMO

TEMPO = TempoMap(0.5, (TempoMark(0, 120.0, 4),))
BAR = 3840


def notes_at(drum: str, ticks: Iterable[float]) -> list[Note]:
    return [Note(round(tick), drum, 0.8, 0.9, 0.0) for tick in ticks]


def groove(first_bar: int, bars: int, keeper: str, kicks: tuple[float, ...] = (0, 2)) -> list[Note]:
    """A backbeat with eighths on `keeper`."""
    return [
        note
        for bar in range(first_bar, first_bar + bars)
        for drum, beats in ((keeper, np.arange(0, 4, 0.5)), ("snare", (1, 3)), ("kick", kicks))
        for note in notes_at(drum, (bar * BAR + 960 * beat for beat in beats))
    ]


def found(notes: list[Note], tempo: TempoMap = TEMPO) -> list[tuple[int, str]]:
    return [(section.tick // BAR, section.label) for section in find_sections(notes, tempo)]


def test_what_returns_has_the_letter_that_it_had():
    song = (
        groove(0, 8, "hihat_closed")
        + groove(8, 8, "ride", kicks=(0, 0.5, 2, 2.5))
        + groove(16, 8, "hihat_closed")
    )

    assert found(song) == [(0, "A · hi-hat"), (8, "B · ride"), (16, "A · hi-hat")]


def test_a_fill_is_no_section():
    fills = [note for bar in (7, 15) for note in notes_at("tom_high", bar * BAR + np.arange(16) * 240)]
    steady = [note for bar in range(16) if bar % 8 != 7 for note in groove(bar, 1, "hihat_closed")]

    assert found(steady + fills) == [(0, "A · hi-hat")]


def test_a_rest_of_the_drums_is_called_that():
    song = groove(0, 8, "hihat_closed") + groove(16, 8, "hihat_closed")

    assert found(song) == [(0, "A · hi-hat"), (8, REST), (16, "A · hi-hat")]


def test_sections_begin_where_the_drums_do():
    assert found(groove(5, 8, "ride")) == [(5, "A · ride")]


def test_sections_begin_at_bar_lines_of_every_meter():
    tempo = TempoMap(0.0, (TempoMark(0, 120.0, 3), TempoMark(8 * 2880, 120.0, 4)))
    waltz = notes_at("ride", np.arange(24) * 960) + notes_at("kick", np.arange(8) * 2880)
    march = [Note(n.tick + 8 * 2880, n.drum, n.velocity, n.confidence, 0.0) for n in groove(0, 8, "snare")]

    assert [section.tick for section in find_sections(waltz + march, tempo)] == [0, 8 * 2880]


def test_the_demo_song_has_its_verses_its_choruses_and_its_bridge():
    hits = json.loads((DEMO / "paper-lanterns.bsm").read_text())["hitObjects"]
    notes = [Note(hit["tick"], hit["component"], hit["velocity"], None, 0.0) for hit in hits]

    sections = found(notes, TempoMap(0.5, (TempoMark(0, 118.0, 4),)))

    assert [bar for bar, _ in sections] == [1, 12, 20, 24, 30]
    assert [label[0] for _, label in sections] == ["A", "B", "A", "C", "D"]


def test_without_notes_there_are_no_sections():
    assert find_sections([], TEMPO) == []


def test_a_pick_up_belongs_to_no_section():
    pick_up = notes_at("snare", [-480, -240])

    assert found(pick_up) == []
    assert found(pick_up + groove(0, 8, "ride")) == [(0, "A · ride")]


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Note,
            st.integers(-960, 400_000),
            st.sampled_from(["kick", "ride", "cowbell"]),
            st.floats(0, 1),
            st.none(),
            st.just(0.0),
        )
    )
)
def test_sections_of_anything_are_in_order_at_bar_lines_and_differ_from_their_neighbours(notes):
    sections = find_sections(notes, TEMPO)

    ticks = [section.tick for section in sections]
    assert ticks == sorted(set(ticks)) and all(tick % BAR == 0 for tick in ticks)
    assert all(a.label != b.label for a, b in zip(sections, sections[1:], strict=False))
