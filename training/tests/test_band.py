"""What plays around the drums: the band, its singer, its room and its codecs, on notes made here."""

import numpy as np
import pytest

pytest.importorskip("mido", reason="pip install -r requirements/training.txt")
pytest.importorskip("scipy", reason="pip install -r requirements/training.txt")

from training import band, codecs, rooms, voice  # noqa: E402
from training.grooves import Hit, Part  # noqa: E402
from training.notes import Instrument  # noqa: E402
from transcription.units import SAMPLE_RATE_HZ  # noqa: E402

SECONDS = 4
SAMPLES = SECONDS * SAMPLE_RATE_HZ
KICKS_S = np.arange(8) * 0.5
PART = Part([Hit(s, "kick", 0.8) for s in KICKS_S], [(i * 0.5, i % 4 == 0) for i in range(8)], 120.0, 0.0)
SILENT_PART = Part([], [], 120.0, 0.0)


def instrument(section: str, lowest: int) -> Instrument:
    seconds = np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    pitches = lowest + np.arange(30)
    hz = 440 * 2 ** ((pitches[:, None] - 69) / 12)
    return Instrument(section, lowest, (np.sin(2 * np.pi * hz * seconds) * 20_000).astype(np.int16))


INSTRUMENTS = {name: [instrument(name, low)] for name, low in (("bass", 26), ("guitar", 38), ("keys", 44))}


@pytest.mark.parametrize("part", [PART, SILENT_PART], ids=["a beat", "no drums"])
@pytest.mark.parametrize("seed", range(12))
def test_a_band_plays_as_long_as_it_is_asked_to(seed, part):
    music = band.play(INSTRUMENTS, part, SAMPLES, np.random.default_rng(seed))

    assert music.shape == (SAMPLES,) and music.dtype == np.float32 and np.isfinite(music).all()


def test_a_band_hears_its_drummer():
    """Over many songs more is struck on the kicks than between them."""
    on, between = 0.0, 0.0
    for seed in range(30):
        music = band.play(INSTRUMENTS, PART, SAMPLES, np.random.default_rng(seed))
        power = np.square(music[: SAMPLES // 441 * 441].reshape(-1, 441)).mean(1)
        rises = np.maximum(0, np.diff(np.sqrt(power))) / (np.sqrt(power).max() + 1e-9)
        frames = (KICKS_S[1:] * 100).astype(int)
        on += sum(rises[f - 2 : f + 4].max() for f in frames)
        between += sum(rises[f - 17 : f - 11].max() for f in frames)

    assert on > 1.5 * between


def test_a_note_beyond_an_instrument_is_played_an_octave_nearer():
    bass = INSTRUMENTS["bass"][0]

    assert np.array_equal(bass.note(26 - 12, 0.1), bass.note(26, 0.1))


def test_a_voice_sings_where_it_is_told_to():
    sung = voice.sing(
        np.array([1.0, 2.0]), np.array([57, 60]), SAMPLES, np.random.default_rng(1), is_woman=False
    )

    before = int(0.8 * SAMPLE_RATE_HZ)  # a consonant may come before its vowel
    assert np.isfinite(sung).all() and not sung[:before].any()
    assert np.abs(sung[SAMPLE_RATE_HZ : SAMPLE_RATE_HZ + 4410]).max() > 0.1


@pytest.mark.parametrize("seed", range(6))
def test_a_room_answers_after_the_direct_sound_with_one_unit_of_energy(seed):
    responses = rooms.responses(np.random.default_rng(seed))

    assert len(responses) == len(rooms.PLACES_M) and np.isfinite(responses).all()
    assert np.square(responses).sum(1) == pytest.approx(np.ones(len(responses)), rel=1e-3)
    assert responses[:, 0] == pytest.approx(np.zeros(len(responses)), abs=1e-3)


@pytest.mark.parametrize("seed", range(6))
def test_a_codec_leaves_every_attack_where_it_was(seed):
    click = np.zeros(SAMPLES, np.float32)
    click[SAMPLES // 2 : SAMPLES // 2 + 200] = np.random.default_rng(0).uniform(-0.5, 0.5, 200)

    heard = codecs.through_a_codec(click, np.random.default_rng(seed))

    assert len(heard) == SAMPLES
    assert abs(int(np.abs(heard).argmax()) - SAMPLES // 2) < 220
