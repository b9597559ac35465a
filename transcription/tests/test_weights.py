import json
import re

import pytest
import safetensors.torch
import torch

from transcription import weights
from transcription.judging import FEATURES
from transcription.network import DrumNetwork
from transcription.spectrum import BANDS
from transcription.units import DRUMS, GROUPS

CARD = {
    "name": "tried",
    "judgement": {
        "thresholds": dict.fromkeys(GROUPS, 0.4),
        "weights": dict.fromkeys(GROUPS, [0.1] * (FEATURES + 1)),
        "naming": dict.fromkeys(GROUPS, [1.0, 0.5]),
    },
}
LARGEST_SHIPPED_BYTES = 25_000_000


@pytest.fixture(scope="module")
def network() -> DrumNetwork:
    return DrumNetwork().eval()


def change_card(folder, **changes) -> None:
    path = folder / "tried.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_what_is_saved_is_loaded_to_half_precision(network, tmp_path):
    weights.save(network, CARD, tmp_path)

    loaded = weights.load("tried", tmp_path, torch.device("cpu"))

    spectrum = torch.randn(1, 40, BANDS)
    assert torch.allclose(loaded.network(spectrum).groups, network(spectrum).groups, atol=0.01)
    assert loaded.judgement.thresholds.tolist() == [0.4] * len(GROUPS)
    assert loaded.judgement.weights.shape == (len(GROUPS), FEATURES + 1)


def test_a_number_too_large_for_half_precision_is_kept_as_it_is(tmp_path):
    network = DrumNetwork()
    network.norm.running_var[0] = 1e6

    weights.save(network, CARD, tmp_path)

    assert weights.load("tried", tmp_path).network.norm.running_var[0] == 1e6


def test_weights_with_another_checksum_are_refused(network, tmp_path):
    path = weights.save(network, CARD, tmp_path)
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    with pytest.raises(weights.DamagedWeights, match="checksum.*install BeatSight again"):
        weights.load("tried", tmp_path)


def test_weights_that_are_gone_are_named(network, tmp_path):
    weights.save(network, CARD, tmp_path).unlink()

    with pytest.raises(weights.DamagedWeights, match="tried.safetensors is missing"):
        weights.load("tried", tmp_path)


def test_weights_for_other_drums_are_refused(network, tmp_path):
    weights.save(network, CARD, tmp_path)
    change_card(tmp_path, drums=[*DRUMS, "gong"])

    with pytest.raises(weights.DamagedWeights, match="tells other drums apart"):
        weights.load("tried", tmp_path)


@pytest.mark.parametrize(
    "numbers",
    [{"gong.weight": torch.zeros(3)}, {"norm.weight": torch.zeros(3)}, {}],
    ids=["more", "other", "none"],
)
def test_weights_of_another_network_are_refused(numbers, network, tmp_path, monkeypatch):
    monkeypatch.setattr(network, "state_dict", lambda: numbers)
    weights.save(network, CARD, tmp_path)

    with pytest.raises(weights.DamagedWeights, match="does not fit the network"):
        weights.load("tried", tmp_path)


def test_all_shipped_weights_together_are_small():
    assert (
        0
        < sum(path.stat().st_size for path in weights.FOLDER.iterdir() if path.is_file())
        <= LARGEST_SHIPPED_BYTES
    )


def test_every_shipped_file_of_numbers_has_a_card_and_loads_without_running_anything():
    files = sorted(weights.FOLDER.glob("*.safetensors"))

    assert weights.FOLDER / f"{weights.SHIPPED}.safetensors" in files
    for path in files:
        assert safetensors.torch.load_file(path)
        assert json.loads(path.with_suffix(".json").read_text())["name"] == path.stem


def test_the_shipped_weights_say_what_they_are():
    card = json.loads((weights.FOLDER / f"{weights.SHIPPED}.json").read_text())

    assert card["held_out"]["drums"]["five_classes"]["f"] > 0.8
    assert card["held_out"]["mix"]["five_classes"]["f"] > 0.7
    assert card["training"] and card["limits"]
    assert not [source for source in card["sources"] if re.search("GPL|SA|NC", source["licence"])]


def test_everybody_whose_work_is_in_the_weights_is_named():
    credits = (weights.FOLDER / "ATTRIBUTION.md").read_text()

    for name in (
        "Frank Wen",
        "Lars Muldjord",
        "Groove MIDI Dataset",
        "Freedoom",
        "Carlos Viola Iborra",
        "Collins",
    ):
        assert name in credits
