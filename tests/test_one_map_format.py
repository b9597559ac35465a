"""The ear writes maps and the site reads them; neither may import the other, so what both know is compared here."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maps.chart import components
from maps.chart.difficulty import computed_difficulty
from maps.chart.document import Chart, read_bsm
from transcription import score
from transcription.drums import COMPONENT_AND_FLAGS
from transcription.music import Note, Section, TempoMap, TempoMark
from transcription.units import DRUMS

ABOUT = score.About("Song", "Band", "song.mp3", "0" * 64, 60.0)
TEMPO = TempoMap(0.5, (TempoMark(0, 117.3, 4), TempoMark(3840, 92.71, 3)))
NOTES = st.builds(
    Note,
    tick=st.integers(0, 60_000),
    drum=st.sampled_from(sorted(score.LANES)),
    velocity=st.floats(0, 1),
    confidence=st.none() | st.floats(0, 1),
    performed_s=st.floats(0, 60),
    flags=st.sampled_from([(), ("flam",), ("rim",), ("rim", "drag")]),
)


def as_read(notes: list[Note], sections: list[Section] | None = None) -> Chart:
    written = score.document(notes, TEMPO, ABOUT, sections=sections or [])
    return read_bsm(json.dumps(written).encode())


def test_both_list_the_same_components_in_the_same_lanes():
    assert list(score.LANES.items()) == [(name, int(lane)) for name, lane in components.LANES.items()]


@pytest.mark.parametrize("drum", DRUMS)
def test_whatever_the_ear_can_tell_apart_is_a_component_or_a_manner_of_playing_one(drum):
    component, _flags = COMPONENT_AND_FLAGS.get(drum, (drum, ()))

    assert components.is_component(component)


@settings(deadline=None)
@given(st.lists(NOTES, max_size=80))
def test_both_find_a_map_equally_difficult(notes):
    chart = as_read(notes)

    assert chart.metadata["difficulty"] == computed_difficulty(chart)


@settings(deadline=None)
@given(st.lists(NOTES, max_size=20))
def test_a_chart_holds_what_the_ear_wrote(notes):
    chart = as_read(notes, [Section(0, "A"), Section(3840, "B")])

    heard = sorted((n.tick, n.drum, round(n.velocity, 2), n.flags) for n in notes)
    assert sorted((n.tick, n.component, n.velocity, n.flags or ()) for n in chart.notes) == heard
    assert all(note.time_ms == round(chart.tempo.ms_at(note.tick)) for note in chart.notes)
    assert [section["label"] for section in chart.as_document()["editor"]["sections"]] == ["A", "B"]
