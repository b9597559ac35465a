import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcription.difficulty import difficulty

KICK, PEDAL, SNARE, HAT, CYMBALS = 0, 1, 2, 3, 6
STROKES = st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 6)), max_size=60)


def rock(bpm: float, hats_a_beat: int = 2) -> list[tuple[int, int]]:
    """A minute of backbeat."""
    beat_ms = 60_000 / bpm
    beats = range(round(bpm))
    hats = [
        (round((beat + part / hats_a_beat) * beat_ms), HAT) for beat in beats for part in range(hats_a_beat)
    ]
    return hats + [(round(beat * beat_ms), SNARE if beat % 2 else KICK) for beat in beats]


@pytest.mark.parametrize(
    ("strokes", "expected"),
    [
        ([], 0.0),
        (rock(120), 3.7),
        (rock(120, hats_a_beat=4), 5.3),
        ([(62 * n, SNARE) for n in range(600)], 6.4),
    ],
)
def test_the_scale_is_what_the_documentation_says(strokes, expected):
    assert difficulty(strokes) == expected


@settings(deadline=None)
@given(STROKES, st.tuples(st.integers(0, 60_000), st.integers(0, 6)))
def test_one_more_note_never_makes_a_map_easier(strokes, another):
    assert difficulty([*strokes, another]) >= difficulty(strokes)


@settings(deadline=None)
@given(STROKES)
def test_the_same_notes_played_faster_are_never_easier(strokes):
    slower = [(2 * time_ms, lane) for time_ms, lane in strokes]

    assert difficulty(strokes) >= difficulty(slower)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60_000), st.sampled_from([SNARE, HAT, KICK, PEDAL]))))
def test_strokes_given_to_another_limb_are_never_easier_than_one_hand_playing_them_all(strokes):
    by_one_hand = [(time_ms, SNARE) for time_ms, _ in strokes]

    assert difficulty(strokes) >= difficulty(by_one_hand)


@settings(deadline=None)
@given(STROKES, st.integers(0, 10**6))
def test_when_a_song_begins_makes_no_difference(strokes, later_ms):
    assert difficulty([(time_ms + later_ms, lane) for time_ms, lane in strokes]) == difficulty(strokes)


def test_a_long_break_makes_a_solo_no_easier():
    solo = [(60 * n, SNARE) for n in range(600)]

    assert difficulty([*solo, (10**6, CYMBALS)]) == difficulty(solo)


def test_no_map_is_harder_than_ten():
    assert difficulty([(0, KICK)] * 5_000) == 10.0


def test_what_is_told_of_a_rock_beat_and_a_blast_beat_is_so():
    feet_and_backbeat = [(i * 1000, 0) for i in range(64)] + [(i * 1000 + 500, 2) for i in range(64)]
    eighths, sixteenths = ([(i * step_ms, 3) for i in range(64_000 // step_ms)] for step_ms in (250, 125))
    blast = [(i * 125 // 2, 0 if i % 2 == 0 else 2) for i in range(1024)] + [(i * 125, 3) for i in range(512)]

    assert difficulty(feet_and_backbeat + eighths) == 3.7
    assert difficulty(feet_and_backbeat + sixteenths) == 5.3
    assert difficulty(blast) == 8.5
