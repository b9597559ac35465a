import copy
from dataclasses import replace

import numpy as np
import pytest
import torch

from transcription import hearing, weights
from transcription.hearing import hear, hear_all
from transcription.music import Heard
from transcription.network import Activations, DrumNetwork
from transcription.tests.sounds import rock_beat
from transcription.units import DRUMS, GROUPS, SAMPLE_RATE_HZ


def test_a_song_in_chunks_sounds_like_the_song_in_one_piece(ear, monkeypatch):
    samples, _ = rock_beat(120, 10)
    whole = hear(ear, samples)
    monkeypatch.setattr(hearing, "CHUNK_FRAMES", 700)

    in_chunks = hear(ear, samples)

    difference = np.abs(1 / (1 + np.exp(-whole.groups)) - 1 / (1 + np.exp(-in_chunks.groups)))
    assert np.quantile(difference, 0.999) < 0.05


def probabilities(heard: Heard) -> dict[str, np.ndarray]:
    logits = {"drums": heard.drums, "groups": heard.groups, "beats": heard.beats}
    return {"velocities": heard.velocities} | {
        name: 1 / (1 + np.exp(-value)) for name, value in logits.items()
    }


class InDoublePrecision(torch.nn.Module):
    """What every device, and every order of summing, comes near."""

    def __init__(self, network: DrumNetwork) -> None:
        super().__init__()
        self.network = copy.deepcopy(network).cpu().double()

    def forward(self, spectrum: torch.Tensor) -> Activations:
        return Activations(*(column.float() for column in self.network(spectrum.double())))


@pytest.mark.parametrize("device", ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"])
def test_every_device_hears_the_same_to_a_thousandth(ear, device):
    samples, _ = rock_beat(120, 3)
    exact = probabilities(hear(replace(ear, network=InDoublePrecision(ear.network)), samples))

    heard = probabilities(hear(weights.load(device=torch.device(device)), samples))

    for name, value in exact.items():
        assert np.abs(heard[name] - value).max() < 1e-3, name


def test_progress_ends_at_one_and_never_goes_back(ear, monkeypatch):
    monkeypatch.setattr(hearing, "CHUNK_FRAMES", 300)
    told: list[float] = []

    hear(ear, rock_beat(120, 4)[0], told.append)

    assert told[-1] == 1.0 and told == sorted(told) and len(told) > 2


@pytest.mark.parametrize("length", [1, 440, 441, SAMPLE_RATE_HZ + 1])
def test_every_length_has_a_frame_for_each_ten_milliseconds(ear, length):
    heard = hear(ear, np.zeros(length, np.float32))

    frames = length // 441 + 1
    assert heard.drums.shape == (frames, len(DRUMS))
    assert heard.groups.shape == (frames, len(GROUPS))
    assert np.isfinite(heard.groups).all()


def test_several_versions_of_a_song_are_heard_on_average(ear):
    sound, _ = rock_beat(120, 2)
    told = []

    once, twice = hear(ear, sound), hear_all(ear, [sound, np.zeros_like(sound)], told.append)

    assert np.allclose(twice.groups, (once.groups + hear(ear, np.zeros_like(sound)).groups) / 2, atol=1e-5)
    assert told == sorted(told) and told[-1] == 1.0
