"""python -m training.export: the trained network, its card and its attributions into the package.

Reads the figures that `training.evaluate` has left in the cache.
"""

import argparse
import json
from pathlib import Path

import torch

from training.card import versions
from training.card import write as write_readme
from training.data import CACHE
from training.sources import MANIFEST
from transcription import weights
from transcription.network import DrumNetwork

ABOUT = (
    "Hears drums in a song: onsets of six groups, which of fourteen drums each is, how hard it was struck, and the "
    "beats and bar lines."
)
COMMANDS = [
    f"python -m training.{step}"
    for step in ("data --kits KITS --grooves GROOVES", "train", "evaluate", "export")
]
NOT_NEEDED = "(none needed) "  # how the manifest marks courtesy
LIMITS = [
    "Rides and open hats are invented under guitars and voices; crashes and toms are the least sure of all drums.",
    "Which of two or three toms it is, is often wrong: the middle one is hardly ever told from the others.",
    "Brushes, jazz, funk and Latin styles were not measured on real recordings.",
    "Tambourine and cowbell are heard only so that they are not taken for drums of the kit; no map shows them.",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--network", type=Path, default=CACHE / "network.pt")
    parser.add_argument("--name", default=weights.SHIPPED)
    parser.add_argument("--out", type=Path, default=weights.FOLDER)
    parser.add_argument("--measured", type=Path, help="figures on real tracks, to be kept on the card")
    options = parser.parse_args()
    network = DrumNetwork()
    network.load_state_dict(torch.load(options.network))
    report = json.loads((options.cache / "evaluation.json").read_text())
    used = [s for s in json.loads(MANIFEST.read_text())["sources"] if s["use"] == "train"]
    card = {
        "name": options.name,
        "sha256": "",  # filled in when the numbers are written
        "about": ABOUT,
        "judgement": report["judgement"],
        "held_out": report["held_out"],
        "limits": LIMITS,
        "training": {
            "commands": COMMANDS,
            **json.loads(options.network.with_suffix(".json").read_text()),
            "versions": versions(),
        },
        "sources": [
            {"file": Path(s["file"]).name, "licence": s["licence"], "sha256": s["sha256"]} for s in used
        ],
    }
    if options.measured:
        card["measured"] = json.loads(options.measured.read_text())
    path = weights.save(network, card, options.out)
    (options.out / "ATTRIBUTION.md").write_text(attribution(used))
    write_readme(options.out)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")


def attribution(used: list[dict[str, str]]) -> str:
    lines = sorted(
        {f"- {s['attribution'].removeprefix(NOT_NEEDED)} — {s['licence']}" for s in used if s["attribution"]}
    )
    return "\n".join(
        [
            "# Whose work is in these weights",
            "",
            "The weights in this folder were trained on sound rendered from the following material. All of it was",
            "changed: mixed to mono, resampled, trimmed, faded, levelled, equalised and mixed with the rest.",
            "",
            *lines,
            "- Backing music: generated pieces, CC0 1.0, played through the sound fonts above.",
            "",
        ]
    )


if __name__ == "__main__":
    main()
