"""Trained weights by name: `NAME.npz` holds the numbers, `NAME.json` is the card that says what they are.

The card names the checksum of the numbers, the thresholds and calibration that go with them, the data they
were trained on and the measured figures. Whose work the training data are is in ATTRIBUTION.md beside it.
"""

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from transcription.network import DrumNetwork
from transcription.units import GROUPS

FOLDER = Path(__file__).parent
SHIPPED = "beatsight-ear-1"


class DamagedWeights(Exception):
    """The weights on disk are not those that the card describes."""


@dataclass(frozen=True)
class Ear:
    """A network ready to listen, and how its answers are read."""

    name: str
    network: DrumNetwork
    thresholds: np.ndarray  # (groups,) probability from which a peak is a hit
    calibration: np.ndarray  # (groups, 2): confidence = sigmoid(slope × logit + shift)


def load(name: str = SHIPPED, folder: Path = FOLDER) -> Ear:
    card = json.loads((folder / f"{name}.json").read_text())
    stored = (folder / f"{name}.npz").read_bytes()
    if hashlib.sha256(stored).hexdigest() != card["sha256"]:
        raise DamagedWeights(f"{name}.npz does not have the checksum on its card; install BeatSight again.")
    with np.load(io.BytesIO(stored)) as arrays:
        numbers = {key: torch.from_numpy(arrays[key].astype(np.float32)) for key in arrays.files}
    network = DrumNetwork()
    network.load_state_dict(numbers, strict=False)  # all but the batch counters, which only training reads
    return Ear(
        name=card["name"],
        network=network.eval(),
        thresholds=np.array([card["thresholds"][group] for group in GROUPS]),
        calibration=np.array([card["calibration"][group] for group in GROUPS]),
    )


def save(network: DrumNetwork, card: dict[str, Any], folder: Path = FOLDER) -> Path:
    """Writes the network in half precision with its card; the checksum is added here."""
    buffer = io.BytesIO()
    state = network.state_dict().items()
    np.savez_compressed(
        buffer, **{key: value.numpy().astype(np.float16) for key, value in state if value.is_floating_point()}
    )
    stored = buffer.getvalue()
    path = folder / f"{card['name']}.npz"
    path.write_bytes(stored)
    card = {**card, "sha256": hashlib.sha256(stored).hexdigest()}
    path.with_suffix(".json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    return path
