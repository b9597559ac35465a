"""python -m training.card: README.md of the shipped weights, for people, from the cards (`NAME.json`) beside them.

The cards are the truth; what a card doesn't say, the README doesn't.
"""

import argparse
import json
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.sources import MANIFEST
from transcription.weights import FOLDER

README = "README.md"
SHOWN_OF_A_CHECKSUM = 12
HEAD = """# What is in this folder

Trained weights as [safetensors](https://huggingface.co/docs/safetensors), numbers and their names only, in half
precision. `NAME.json` beside each is its card, which the program reads; this page is made from the cards by
`python -m training.card`. The weights are under the licence of the code (MIT). Most of what they learned from is in the
public domain; the attributions below belong to the rest and stay with the weights.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    write(parser.parse_args().folder)


def write(folder: Path = FOLDER) -> None:
    (folder / README).write_text(readme(folder))


def readme(folder: Path = FOLDER) -> str:
    """The page as Markdown."""
    sections = [_section(json.loads(path.read_text())) for path in sorted(folder.glob("*.json"))]
    return "\n".join([HEAD, *sections])


def versions() -> dict[str, str]:
    """What a card says of the programs that trained."""
    return {"python": platform.python_version(), "torch": str(torch.__version__), "numpy": np.__version__}


def _section(card: dict[str, Any]) -> str:
    lines = [f"## {card['name']}", ""]
    if "about" in card:
        lines += [card["about"], ""]
    lines += [f"`{card['name']}.safetensors`, sha256 `{card['sha256']}`", ""]
    for title, part in (("Measured", card.get("measured")), ("On held-out material", card.get("held_out"))):
        if part:
            lines += [f"### {title}", "", *([part["note"], ""] if "note" in part else [])]
            lines += ["| what | figures |", "| --- | --- |", *_rows(part), ""]
    lines += ["### Limits", "", *(f"- {limit}" for limit in card.get("limits", ())), ""]
    training = dict(card["training"])
    lines += ["### How it was trained", ""]
    if commands := training.pop("commands", None):
        lines += ["```sh", *commands, "```", ""]
    lines += [*(f"- {_words(name)}: {_said(value)}" for name, value in training.items()), ""]
    lines += [
        "### What it learned from",
        "",
        "| file | licence | whose | sha256 |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join([*lines, *_sources(card["sources"]), ""])


def _rows(figures: dict[str, Any], path: str = "") -> Iterator[str]:
    """A row for every table of figures in a tree of them."""
    plain = {name: value for name, value in figures.items() if not isinstance(value, dict) and name != "note"}
    if plain:
        yield f"| {path or 'all'} | {_said(plain)} |"
    for name, part in figures.items():
        if isinstance(part, dict):
            yield from _rows(part, ", ".join(filter(None, (path, _words(name)))))


def _sources(sources: list[dict[str, str]]) -> Iterator[str]:
    whose = {
        source["sha256"]: source["attribution"] for source in json.loads(MANIFEST.read_text())["sources"]
    }
    for source in sources:
        attribution = source.get("attribution") or whose.get(source["sha256"], "")
        checksum = source["sha256"][:SHOWN_OF_A_CHECKSUM]
        yield f"| {source['file']} | {source['licence']} | {attribution} | `{checksum}` |"


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return " · ".join(f"{_words(name)} {_said(part)}" for name, part in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _words(name: str) -> str:
    return name.replace("_", " ")


if __name__ == "__main__":
    main()
