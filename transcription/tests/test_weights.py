import json
import re

import pytest
import torch

from transcription import weights
from transcription.network import DrumNetwork
from transcription.units import GROUPS

CARD = {
    "name": "tried",
    "thresholds": dict.fromkeys(GROUPS, 0.4),
    "calibration": dict.fromkeys(GROUPS, [1.0, 0.0]),
}


def test_what_is_saved_is_loaded_to_half_precision(tmp_path):
    network = DrumNetwork().eval()
    weights.save(network, CARD, tmp_path)

    loaded = weights.load("tried", tmp_path)

    spectrum = torch.randn(1, 40, 88)
    assert torch.allclose(loaded.network(spectrum).groups, network(spectrum).groups, atol=0.01)
    assert loaded.thresholds.tolist() == [0.4] * len(GROUPS)


def test_weights_with_another_checksum_are_refused(tmp_path):
    path = weights.save(DrumNetwork(), CARD, tmp_path)
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    with pytest.raises(weights.DamagedWeights, match="install BeatSight again"):
        weights.load("tried", tmp_path)


def test_the_shipped_weights_are_small_and_say_what_they_are():
    card = json.loads((weights.FOLDER / f"{weights.SHIPPED}.json").read_text())

    assert (weights.FOLDER / f"{weights.SHIPPED}.npz").stat().st_size < 2_000_000
    assert card["held_out"]["drums"]["five_groups"]["f"] > 0.7
    assert not [source for source in card["sources"] if re.search("GPL|SA|NC", source["licence"])]


def test_everybody_whose_work_is_in_the_weights_is_named():
    credits = (weights.FOLDER / "ATTRIBUTION.md").read_text()

    for name in ("Frank Wen", "Lars Muldjord", "Groove MIDI Dataset"):
        assert name in credits
