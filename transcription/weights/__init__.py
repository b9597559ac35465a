"""The ear that BeatSight ships: its network, and how the network's answers are judged, from this folder.

`NAME.json` beside the numbers is the card: what the network tells apart, the data it was trained on and the measured
figures. README.md is the same for people, and ATTRIBUTION.md says whose work is in the weights.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from transcription import stored_weights
from transcription.device import chosen_device
from transcription.judging import Judgement
from transcription.network import DrumNetwork
from transcription.stored_weights import FOLDER, DamagedWeights
from transcription.units import DRUMS, GROUPS

SHIPPED = "beatsight-ear-2"


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
    card = stored_weights.read_card(name, folder)
    if (card.get("drums"), card.get("groups")) != (list(DRUMS), list(GROUPS)):
        raise DamagedWeights(f"{name} tells other drums apart than this release of BeatSight")
    network = DrumNetwork()
    stored_weights.fill(network, name, card, folder)
    return Ear(name, network.eval().to(device or chosen_device()), _judgement_of(card, name))


def _judgement_of(card: dict[str, Any], name: str) -> Judgement:
    try:
        told = card["judgement"]
        rows = (
            np.array([told[key][group] for group in GROUPS]) for key in ("weights", "thresholds", "naming")
        )
        return Judgement(*rows)
    except KeyError as absent:
        raise DamagedWeights(f"the card of {name} lacks {absent}") from absent


def save(network: DrumNetwork, card: dict[str, Any], folder: Path = FOLDER) -> Path:
    """Writes the network with its card; what it tells apart is added here."""
    return stored_weights.write(network, {**card, "drums": DRUMS, "groups": GROUPS}, folder)
