"""Knows which sets of packages .venv already holds, by a digest of the files that name them."""

import hashlib
import os
import sys
from pathlib import Path

from script.places import ROOT, VENV, write_whole

CONSTRAINTS = ROOT / "requirements" / "constraints.txt"
SETS: dict[str, list[Path]] = {
    "web": [ROOT / "requirements" / "web.txt"],
    "worker": [ROOT / "requirements" / "web.txt", ROOT / "requirements" / "worker.txt"],
    "test": [ROOT / "requirements" / name for name in ("web.txt", "worker.txt", "training.txt", "test.txt")],
}


def is_installed(set_name: str) -> bool:
    stamp = _stamp(set_name)
    return stamp.is_file() and stamp.read_text() == _digest(set_name)


def mark_installed(set_name: str) -> None:
    """Stamps a set, and the smaller sets that lie within it."""
    for name, files in SETS.items():
        if set(files) <= set(SETS[set_name]):
            write_whole(_stamp(name), _digest(name))


def _stamp(set_name: str) -> Path:
    return VENV / f"beatsight-{set_name}.stamp"


def _digest(set_name: str) -> str:
    digest = hashlib.sha256(f"{sys.version_info[:2]} {os.environ.get('BEATSIGHT_TORCH', 'cpu')}".encode())
    for path in [CONSTRAINTS, *SETS[set_name]]:
        digest.update(path.read_bytes())
    return digest.hexdigest()
