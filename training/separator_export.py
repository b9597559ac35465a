"""python -m training.separator_export: the trained separator and its card into the package.

Reads the figures that `training.separator_evaluate` has left in the cache; `training.card` then makes the page for
people of all the cards.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import torch

from training.card import versions
from training.separator_data import SEPARATOR_CACHE
from training.sources import MANIFEST
from transcription import separator, weights
from transcription.separator_network import MaskNetwork

LIMITS = (
    "Some of the music stays in the drums and some of the drums in the rest; Demucs leaves less.",
    "It learned from rendered mixes: it has never heard real singing.",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=SEPARATOR_CACHE)
    parser.add_argument("--network", type=Path, default=SEPARATOR_CACHE / "separator.pt")
    parser.add_argument("--name", default=separator.SHIPPED)
    parser.add_argument("--out", type=Path, default=weights.FOLDER)
    options = parser.parse_args()
    network = MaskNetwork()
    network.load_state_dict(torch.load(options.network))
    path = separator.save(network, card_of(options.name, options.network, options.cache), options.out)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")


def card_of(name: str, network_file: Path, cache: Path) -> dict:
    used = [s for s in json.loads(MANIFEST.read_text())["sources"] if s["use"] == "train"]
    rounds = list(rounds_of(network_file))
    return {
        "name": name,
        "about": "Parts a song into its drums and the rest: the share of drums in each moment and pitch range.",
        "sha256": "",  # filled in when the numbers are written
        "held_out": json.loads((cache / "evaluation.json").read_text()),
        "limits": LIMITS,
        "training": {
            "commands": [
                "python -m training.separator_data --kits KITS --grooves GROOVES",
                *(f"python -m training.separator_train {arguments(done)}" for done in rounds),
                "python -m training.separator_evaluate",
                "python -m training.separator_export",
            ],
            "rounds": rounds,
            "voices": "invented syllables, spoken by espeak-ng 1.51",
            "versions": versions(),
        },
        "sources": [
            {"file": source["file"], "licence": source["licence"], "sha256": source["sha256"]}
            for source in used
        ],
    }


def rounds_of(network_file: Path) -> Iterator[dict]:
    """How the network was trained, the first round first."""
    configuration = json.loads(network_file.with_suffix(".json").read_text())
    if earlier := configuration["continued_from"]:
        yield from rounds_of(network_file.with_name(earlier))
    yield configuration


def arguments(done: dict) -> str:
    continued = f" --continue-from {done['continued_from']}" if done["continued_from"] else ""
    return (
        f"--minutes {done['minutes']:g} --threads {done['threads']} --rate {done['peak_rate']:g}{continued}"
    )


if __name__ == "__main__":
    main()
