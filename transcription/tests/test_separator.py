"""Our own separator with the weights that ship, on sounds with known answers."""

import json

import numpy as np
import pytest
import torch

from transcription import separator
from transcription.separator import drums_of
from transcription.separator_network import MaskNetwork
from transcription.stored_weights import DamagedWeights
from transcription.tests.sounds import rock_beat
from transcription.units import SAMPLE_RATE_HZ

RNG = np.random.default_rng(5)


@pytest.fixture(scope="module")
def own() -> separator.Separator:
    return separator.load()


def chord(length: int) -> np.ndarray:
    """A sustained organ chord with a bass note under it."""
    seconds = np.arange(length) / SAMPLE_RATE_HZ
    pitches_hz = (55.0, 220.0, 277.2, 329.6)
    tones = sum(np.sin(2 * np.pi * hz * n * seconds) / n for hz in pitches_hz for n in (1, 2, 3, 4))
    return np.asarray(tones, np.float32)


def stereo(mono: np.ndarray) -> np.ndarray:
    return np.stack([mono, mono], 1).astype(np.float32)


def si_sdr_db(found: np.ndarray, wanted: np.ndarray) -> float:
    kept = (found @ wanted) / (wanted @ wanted) * wanted
    return float(10 * np.log10((kept @ kept) / np.square(found - kept).sum()))


def test_a_beat_is_parted_from_the_chord_over_it(own):
    drums, _ = rock_beat(110, 3)
    music = chord(len(drums))
    music *= drums.std() / music.std() * 10 ** (3 / 20)

    found = drums_of(own, stereo(drums + music))[:, 0]

    assert si_sdr_db(found, drums) > si_sdr_db(drums + music, drums) + 8
    assert si_sdr_db(drums + music - found, music) > si_sdr_db(drums + music, music) + 6


def test_a_chord_alone_leaves_almost_no_drums_and_drums_alone_almost_no_rest(own):
    drums, _ = rock_beat(110, 2)
    music = stereo(chord(4 * SAMPLE_RATE_HZ)) * 0.1

    assert drums_of(own, music)[SAMPLE_RATE_HZ:].std() < 0.2 * music.std()
    assert (stereo(drums) - drums_of(own, stereo(drums))).std() < 0.4 * drums.std()


def test_cutting_into_chunks_changes_nothing(own):
    song = stereo(rock_beat(120, 3)[0]) + 0.1 * RNG.standard_normal((1, 2)).astype(np.float32)

    whole = drums_of(own, song)

    for chunk_frames in (30, 97):
        np.testing.assert_allclose(drums_of(own, song, chunk_frames=chunk_frames), whole, atol=1e-4)


def test_what_passes_whole_comes_back_whole():
    class All(MaskNetwork):
        def forward(self, bands):
            return torch.ones(bands.shape[0], *bands.shape[2:])

    song = RNG.standard_normal((50_001, 2)).astype(np.float32)

    np.testing.assert_allclose(
        drums_of(separator.Separator("all", All()), song, chunk_frames=7), song, atol=1e-5
    )


def test_a_drum_on_one_side_stays_there(own):
    drums, _ = rock_beat(120, 2)
    song = np.stack([drums, 0.1 * drums], 1)

    found = drums_of(own, song)

    assert found[:, 1].std() == pytest.approx(0.1 * found[:, 0].std(), rel=0.01)


def test_drums_out_of_phase_are_drums_too(own):
    drums, _ = rock_beat(120, 2)

    found = drums_of(own, np.stack([drums, -drums], 1))

    np.testing.assert_allclose(found, np.stack([1, -1]) * drums_of(own, stereo(drums))[:, :1], atol=1e-4)


@pytest.mark.parametrize("samples", [0, 1, 1023, 1024, 1025, SAMPLE_RATE_HZ])
def test_a_song_may_be_of_any_length(own, samples):
    found = drums_of(own, stereo(rock_beat(120, 1)[0][:samples]))

    assert found.shape == (samples, 2) and np.isfinite(found).all()


def telephone(seconds: np.ndarray) -> np.ndarray:
    """8 kHz: nothing above 4 kHz."""
    beat = rock_beat(120, 4)[0][: len(seconds)]
    low = np.interp(np.arange(0, len(beat), 5.5125), np.arange(len(beat)), beat)
    return np.interp(np.arange(len(beat)) / 5.5125, np.arange(len(low)), low)


ODD_SOUNDS = {
    "silence": lambda seconds: 0 * seconds,
    "clipping": lambda seconds: np.clip(
        20 * np.sin(600 * seconds) + rock_beat(120, 4)[0][: len(seconds)], -1, 1
    ),
    "noise": lambda seconds: RNG.standard_normal(len(seconds)),
    "a constant": lambda seconds: 0 * seconds + 0.5,
    "far too loud": lambda seconds: 1e4 * np.sin(600 * seconds),
    "telephone": telephone,
}


@pytest.mark.parametrize("kind", ODD_SOUNDS)
def test_odd_sounds_give_finite_drums_no_louder_than_the_song(own, kind):
    song = stereo(ODD_SOUNDS[kind](np.arange(2 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ))

    found = drums_of(own, song)

    assert np.isfinite(found).all()
    assert np.square(found).sum() <= np.square(song).sum() * 1.01


def test_weights_that_were_changed_are_refused(tmp_path, own):
    path = separator.save(own.network, {"name": "changed"}, tmp_path)
    assert separator.load("changed", tmp_path).name == "changed"

    path.write_bytes(path.read_bytes()[:-1] + b"!")

    with pytest.raises(DamagedWeights, match="checksum"):
        separator.load("changed", tmp_path)


def test_weights_of_another_network_are_refused(tmp_path):
    separator.save(torch.nn.Linear(2, 2), {"name": "other"}, tmp_path)

    with pytest.raises(DamagedWeights, match="does not fit"):
        separator.load("other", tmp_path)


def test_the_card_says_what_the_weights_learned_from_and_what_they_gain():
    card = json.loads((separator.FOLDER / f"{separator.SHIPPED}.json").read_text())

    assert {"sha256", "training", "held_out", "sources"} <= card.keys()
    assert all(source["licence"] for source in card["sources"])
    assert (separator.FOLDER / f"{separator.SHIPPED}.safetensors").stat().st_size < 4e6
