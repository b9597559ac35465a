import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcription.dynamics import with_dynamics
from transcription.music import Note


def notes_of(drum: str, velocities, flags: tuple[str, ...] = ()) -> list[Note]:
    return [Note(240 * n, drum, float(v), 0.9, 0.125 * n, flags) for n, v in enumerate(velocities)]


def written(drum: str, velocities) -> np.ndarray:
    return np.array([note.velocity for note in with_dynamics(notes_of(drum, velocities))])


def around(velocity: float, strokes: int, spread: float = 0.02) -> np.ndarray:
    return velocity + spread * np.sin(np.arange(strokes) * 2.4)


@pytest.mark.parametrize(("ghost", "backbeat"), [(0.2, 0.85), (0.5, 0.8), (0.68, 0.89), (0.1, 0.3)])
def test_ghost_notes_are_ghost_notes_however_close_a_mix_brings_them(ghost, backbeat):
    velocities = written("snare", [*around(ghost, 40), *around(backbeat, 20)])

    assert (velocities[:40] <= 0.35).all() and np.median(velocities[:40]) <= 0.3
    assert ((velocities[40:] >= 0.65) & (velocities[40:] <= 0.9)).all()


@pytest.mark.parametrize("drum", ["kick", "snare", "hihat_closed", "crash"])
@pytest.mark.parametrize("level", [0.2, 0.6, 1.0])
def test_even_strokes_are_normal_ones_at_any_loudness(drum, level):
    velocities = written(drum, around(level, 24, 0.02 * level))

    assert ((velocities >= 0.7) & (velocities <= 0.9)).all()


def test_the_few_hardest_strokes_are_accents():
    velocities = written("tom_low", [*around(0.6, 20), 0.8, 0.8])

    assert (velocities[:20] <= 0.9).all() and (velocities[20:] > 0.9).all()


def test_soft_hats_between_loud_ones_are_soft_but_no_ghost_notes():
    velocities = written("hihat_closed", [0.9, 0.6] * 30)

    assert np.median(velocities[::2]) == pytest.approx(0.8, abs=0.05)
    assert ((velocities[1::2] > 0.3) & (velocities[1::2] < 0.7)).all()


def test_a_crescendo_has_no_ghost_notes_in_its_upper_half():
    velocities = written("snare", np.linspace(0.3, 0.9, 48))

    assert (np.diff(velocities) >= 0).all() and (velocities[24:] > 0.4).all()


def test_cross_sticks_are_measured_among_themselves():
    rims, strokes = notes_of("snare", around(0.4, 20), ("rim",)), notes_of("snare", around(0.9, 20))

    velocities = np.array([note.velocity for note in with_dynamics(rims + strokes)])

    assert ((velocities >= 0.7) & (velocities <= 0.9)).all()


def test_no_notes_are_no_notes():
    assert with_dynamics([]) == []


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.sampled_from(["snare", "ride"]))
def test_a_harder_stroke_is_never_written_softer(heard, drum):
    velocities = written(drum, heard)

    assert ((velocities >= 0) & (velocities <= 1)).all()
    assert (np.diff(velocities[np.argsort(heard, kind="stable")]) >= -1e-12).all()
