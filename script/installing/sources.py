"""Decides where packages come from: pip's own settings passed on to uv, and which build of torch.

On Linux PyPI's torch is the CUDA build (about 3 GB with its libraries). The CPU build (200 MB) comes, in this
order, from a folder of wheels that pip is set up to look in, or from PyTorch's own index. An index that does
not answer within a few seconds is left out, so that a machine behind a wall still installs.
"""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from script.places import VENV_PYTHON

TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
INDEX_ANSWERS_WITHIN_S = 5
PYTHON_TAG = f"cp{sys.version_info.major}{sys.version_info.minor}"


def pip_settings() -> dict[str, list[str]]:
    """What pip is configured with, from its files and the environment: `{"find-links": [...], ...}`."""
    listing = subprocess.run(
        [VENV_PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    settings: dict[str, list[str]] = {}
    for line in listing.splitlines():
        key, _, quoted = line.partition("=")
        values = settings.setdefault(key.rpartition(".")[2], [])
        values += [value for value in quoted.strip("'\"").split() if value not in values]
    return settings


def uv_sources(settings: dict[str, list[str]]) -> list[str]:
    """The arguments that make uv look where pip would: uv reads none of pip's settings."""
    arguments = [f"--find-links={place}" for place in settings.get("find-links", [])]
    arguments += [f"--default-index={url}" for url in settings.get("index-url", [])[-1:]]
    return arguments


def torch_source(settings: dict[str, list[str]], is_uv: bool) -> list[str]:
    """The arguments that choose torch's build; none where the ordinary places already give the right one."""
    if sys.platform != "linux" or os.environ.get("BEATSIGHT_TORCH", "cpu") == "cuda":
        return []
    if _has_local_cpu_wheel(settings.get("find-links", [])) or not _answers(f"{TORCH_CPU_INDEX}/torch/"):
        return []
    return ["--torch-backend=cpu"] if is_uv else [f"--extra-index-url={TORCH_CPU_INDEX}"]


def _has_local_cpu_wheel(places: list[str]) -> bool:
    return any(
        next(Path(place.removeprefix("file://")).glob(f"torch-*+cpu-{PYTHON_TAG}-*.whl"), None)
        for place in places
    )


def _answers(url: str) -> bool:
    request = urllib.request.Request(url, method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=INDEX_ANSWERS_WITHIN_S):
            return True
    except (urllib.error.URLError, OSError, ValueError):
        return False
