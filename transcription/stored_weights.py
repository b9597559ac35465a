"""Trained networks on disk: `NAME.safetensors` holds the numbers, `NAME.json` is the card that says what they are.

Numbers are stored in half precision, which costs nothing that can be heard. The card names their checksum; whatever
does not fit together is refused with a sentence for people.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import nn

FOLDER = Path(__file__).parent / "weights"
LARGEST_HALF = torch.finfo(torch.float16).max
ONLY_FOR_TRAINING = "num_batches_tracked"

Card = dict[str, Any]


class DamagedWeights(Exception):
    """The weights on disk are not those that the card, or this BeatSight, describes. The message is for people."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Trained weights cannot be used: {what}. Please install BeatSight again.")


def read_card(name: str, folder: Path = FOLDER) -> Card:
    try:
        return json.loads((folder / f"{name}.json").read_text("utf-8"))
    except FileNotFoundError as missing:
        raise DamagedWeights(f"{name}.json is missing") from missing
    except ValueError as error:
        raise DamagedWeights(f"{name}.json is damaged") from error


def fill(network: nn.Module, name: str, card: Card, folder: Path = FOLDER) -> None:
    """Puts the stored numbers into the network, all but the batch counters, which only training reads."""
    try:
        stored = (folder / f"{name}.safetensors").read_bytes()
    except FileNotFoundError as missing:
        raise DamagedWeights(f"{name}.safetensors is missing") from missing
    if hashlib.sha256(stored).hexdigest() != card.get("sha256"):
        raise DamagedWeights(f"{name}.safetensors does not have the checksum on its card")
    try:
        numbers = {key: tensor.float() for key, tensor in safetensors.torch.load(stored).items()}
        absent, unknown = network.load_state_dict(numbers, strict=False)
    except (safetensors.SafetensorError, RuntimeError) as error:
        raise _other_network(name) from error
    if unknown or any(not key.endswith(ONLY_FOR_TRAINING) for key in absent):
        raise _other_network(name)


def _other_network(name: str) -> DamagedWeights:
    return DamagedWeights(f"{name} does not fit the network of this release of BeatSight")


def write(network: nn.Module, card: Card, folder: Path = FOLDER) -> Path:
    """Writes numbers and card; the checksum is added here."""
    numbers = {
        key: _stored(tensor) for key, tensor in network.state_dict().items() if tensor.is_floating_point()
    }
    stored = safetensors.torch.save(numbers, {"name": card["name"]})
    path = folder / f"{card['name']}.safetensors"
    path.write_bytes(stored)
    card = {**card, "sha256": hashlib.sha256(stored).hexdigest()}
    path.with_suffix(".json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def _stored(tensor: torch.Tensor) -> torch.Tensor:
    """In half precision, but where a number is too large for it."""
    is_small = bool(tensor.abs().max() <= LARGEST_HALF)
    return (tensor.half() if is_small else tensor.float()).cpu().contiguous()
