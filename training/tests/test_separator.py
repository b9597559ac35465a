"""The separator's teacher, on sounds made here: no kit, no performance and no voice is needed."""

import numpy as np
import pytest
import torch

pytest.importorskip("mido", reason="pip install -r requirements/training.txt")
pytest.importorskip("soundfile", reason="pip install -r requirements/training.txt")

from training import separator_evaluate, separator_train  # noqa: E402
from training.separator_data import load_pairs, with_guests  # noqa: E402
from training.separator_train import Mixed, batch, losses_of  # noqa: E402
from transcription.separator import Separator  # noqa: E402
from transcription.separator_network import MaskNetwork, expand, features, transform  # noqa: E402
from transcription.units import SAMPLE_RATE_HZ  # noqa: E402

RNG = np.random.default_rng(2)
SECONDS = np.arange(5 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ


def pair() -> np.ndarray:
    """Bursts of noise against a chord, 16 bit."""
    bursts = RNG.standard_normal(len(SECONDS)) * np.exp(-12 * (SECONDS % 0.5))
    chord = sum(np.sin(2 * np.pi * hz * SECONDS) for hz in (110, 220, 277, 330))
    return (np.stack([0.2 * bursts, 0.2 * chord]).clip(-1, 1) * 32_767).astype(np.int16)


def mixed_of(drums: torch.Tensor, music: torch.Tensor) -> Mixed:
    drum_spectrum, spectrum = transform(drums), transform(drums + music)
    return Mixed(
        spectrum.abs().square(), (spectrum * drum_spectrum.conj()).real, drum_spectrum.abs().square()
    )


class Always(MaskNetwork):
    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, bands):
        return torch.full((bands.shape[0], *bands.shape[2:]), self.share)


def test_the_error_is_that_of_the_sound_itself():
    drums, music = torch.randn(2, 1, 65_536)

    error_db, _ = losses_of(Always(0.25), mixed_of(drums, music))

    wrong = 0.25 * (drums + music) - drums
    assert error_db == pytest.approx(
        float(10 * torch.log10(wrong.square().sum() / (drums + music).square().sum())), abs=0.1
    )


def test_drums_that_are_all_there_is_and_let_through_have_no_error():
    drums = torch.randn(1, 65_536)

    error_db, magnitudes = losses_of(Always(1.0), mixed_of(drums, torch.zeros_like(drums)))

    assert error_db < -25 and magnitudes < 1e-3


def test_a_few_steps_on_bursts_over_a_chord_part_them_better():
    torch.manual_seed(1)
    torch.set_num_threads(2)
    network = MaskNetwork()
    optimizer = torch.optim.AdamW(network.parameters(), 2e-3)
    rng = np.random.default_rng(1)
    errors = []
    for _ in range(8):
        error_db, _ = losses_of(network, batch([pair()], rng))
        optimizer.zero_grad()
        error_db.backward()
        optimizer.step()
        errors.append(error_db.item())

    assert np.mean(errors[-3:]) < np.mean(errors[:2]) - 1


def test_a_batch_holds_what_was_asked_for():
    mixed = batch([pair()], np.random.default_rng(3))

    assert mixed.power.shape[0] == separator_train.BATCH
    assert all(torch.isfinite(part).all() for part in mixed)
    assert mixed.power.shape == mixed.common.shape == mixed.drum_power.shape


def test_bands_come_back_as_the_bins_that_they_were_made_of():
    flat = torch.ones(1, 1025, 3)

    levels = features(flat)

    assert levels.shape == (1, 2, 192, 3)
    assert levels.abs().max() < 0.01  # everywhere the same level, and nothing stands out
    assert expand(torch.ones(1, 192, 3)).shape == flat.shape
    torch.testing.assert_close(expand(torch.ones(1, 192, 3)), flat)


def test_the_ratio_does_not_care_how_loud_an_answer_is():
    wanted = RNG.standard_normal(1000)
    found = wanted + 0.1 * RNG.standard_normal(1000)

    assert separator_evaluate.si_sdr_db(found, wanted) == pytest.approx(20, abs=1)
    assert separator_evaluate.si_sdr_db(3 * found, wanted) == pytest.approx(
        separator_evaluate.si_sdr_db(found, wanted)
    )


def test_letting_all_through_gains_nothing():
    figures = separator_evaluate.evaluate(Separator("all", Always(1.0)), [pair(), pair()])

    assert figures["mixes"] == 2
    assert figures["drums_si_sdr_gain_db"]["mean"] == pytest.approx(0, abs=0.01)
    assert figures["before_attacks_db"]["separated"] == figures["before_attacks_db"]["mixture"]


def test_a_guest_plays_along_as_often_as_asked():
    music, guest = RNG.standard_normal((2, 1000)).astype(np.float32)

    np.testing.assert_array_equal(with_guests(music, {0.0: [guest]}, np.random.default_rng(0)), music)
    assert not np.array_equal(with_guests(music, {1.0: [guest[:500]]}, np.random.default_rng(0)), music)
    np.testing.assert_array_equal(with_guests(music, {1.0: []}, np.random.default_rng(0)), music)


def test_pairs_are_read_from_all_whole_shards(tmp_path):
    np.save(tmp_path / "shard-000.npy", np.stack([pair(), pair()]))
    (tmp_path / "shard-001.part").write_bytes(b"half")

    assert len(load_pairs(tmp_path)) == 2
