"""Trained weights by name: `NAME.safetensors` holds the numbers, `NAME.json` is the card that says what they are.

The card names the checksum of the numbers, what the network tells apart, how its answers are judged, the data they
were trained on and the measured figures. README.md beside it is the same for people.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.torch
import torch

from transcription.device import chosen_device
from transcription.judging import Judgement
from transcription.network import DrumNetwork
from transcription.units import DRUMS, GROUPS

FOLDER = Path(__file__).parent
SHIPPED = "beatsight-ear-2"
LARGEST_HALF = torch.finfo(torch.float16).max
ONLY_FOR_TRAINING = "num_batches_tracked"


class DamagedWeights(Exception):
    """The weights on disk are not those that the card, or this BeatSight, describes. The message is for people."""


@dataclass(frozen=True)
class Ear:
    """A network ready to listen, and how its answers are read."""

    name: str
    network: DrumNetwork
    judgement: Judgement

    @property
    def device(self) -> torch.device:
        return next(self.network.parameters()).device


def load(name: str = SHIPPED, folder: Path = FOLDER, device: torch.device | None = None) -> Ear:
    """On the chosen device (see `device`). Raises `DamagedWeights`, and `DeviceMissing` where none is given."""
    device = device or chosen_device()
    try:
        card = json.loads((folder / f"{name}.json").read_text())
        stored = (folder / f"{name}.safetensors").read_bytes()
    except FileNotFoundError as missing:
        raise _damaged(f"{Path(missing.filename).name} is missing") from missing
    if hashlib.sha256(stored).hexdigest() != card["sha256"]:
        raise _damaged(f"{name}.safetensors does not have the checksum on its card")
    if (card["drums"], card["groups"]) != (list(DRUMS), list(GROUPS)):
        raise _damaged(f"{name} tells other drums apart than this release of BeatSight")
    return Ear(
        name=card["name"],
        network=_network_of(stored, name).eval().to(device),
        judgement=_judgement_of(card["judgement"]),
    )


def _judgement_of(card: dict[str, Any]) -> Judgement:
    """From lists by group."""
    rows = (np.array([card[key][group] for group in GROUPS]) for key in ("weights", "thresholds", "naming"))
    return Judgement(*rows)


def _network_of(stored: bytes, name: str) -> DrumNetwork:
    network = DrumNetwork()
    try:
        numbers = {key: tensor.float() for key, tensor in safetensors.torch.load(stored).items()}
        absent, unknown = network.load_state_dict(numbers, strict=False)
    except (safetensors.SafetensorError, RuntimeError) as error:
        raise _damaged(f"{name} does not fit the network of this release of BeatSight") from error
    if unknown or any(not key.endswith(ONLY_FOR_TRAINING) for key in absent):
        raise _damaged(f"{name} does not fit the network of this release of BeatSight")
    return network


def _damaged(what: str) -> DamagedWeights:
    return DamagedWeights(f"The ear's weights cannot be used: {what}. Please install BeatSight again.")


def save(network: DrumNetwork, card: dict[str, Any], folder: Path = FOLDER) -> Path:
    """Writes the network in half precision with its card; checksum and what it tells apart are added here."""
    stored = safetensors.torch.save(
        {key: _stored(tensor) for key, tensor in network.state_dict().items() if tensor.is_floating_point()},
        {"name": card["name"]},
    )
    path = folder / f"{card['name']}.safetensors"
    path.write_bytes(stored)
    card = {**card, "sha256": hashlib.sha256(stored).hexdigest(), "drums": DRUMS, "groups": GROUPS}
    path.with_suffix(".json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    return path


def _stored(tensor: torch.Tensor) -> torch.Tensor:
    """Half precision, which costs nothing that can be heard, but where a number is too large for it."""
    is_small = bool(tensor.abs().max() <= LARGEST_HALF)
    return (tensor.half() if is_small else tensor.float()).cpu().contiguous()
