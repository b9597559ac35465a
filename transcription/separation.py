"""Drums and the rest of a song, each by itself, through Demucs where its weights can be had.

The weights are looked for first, by name (`BEATSIGHT_DEMUCS_MODEL`, default htdemucs) in a local folder
(`BEATSIGHT_DEMUCS_REPO`) or in the caches of the Hugging Face and torch hubs; only then is the network asked,
for a second at most. Where there are none, a sentence says so and the song is heard as a whole: for want of
weights no job fails or waits. Demucs takes seconds to import, so that happens only when it will be used.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch

from transcription.units import SAMPLE_RATE_HZ

DEFAULT_MODEL = "htdemucs"
HUBS = ("huggingface.co", "dl.fbaipublicfiles.com")
HTTPS_PORT = 443
PATIENCE_S = 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Separation:
    """`model` is "none" where nothing was separated; `note` then says why, for a person."""

    model: str
    note: str | None = None
    drums: np.ndarray | None = None  # (samples, 2) at 44.1 kHz


@dataclass(frozen=True)
class Weights:
    """Where Demucs' weights are: a local folder, the hubs' cache, or to be fetched from a hub."""

    model: str
    repo: Path | None
    is_cached: bool


def separate(stereo: np.ndarray, on_progress: Callable[[float], None] = lambda _: None) -> Separation:
    """(samples, 2) float32 at 44.1 kHz → its drums. Never fails: what goes wrong becomes the note."""
    try:
        weights = find_weights(os.environ.get("BEATSIGHT_DEMUCS_MODEL") or DEFAULT_MODEL, _local_repo())
        return Separation(weights.model, drums=_run_demucs(weights, stereo, on_progress))
    except WeightsMissing as missing:
        return Separation("none", str(missing))
    except (Exception, SystemExit):  # Demucs exits where it finds fault with its settings
        log.exception("Demucs failed")
        return Separation(
            "none",
            "Separating the drums failed, so the whole song was listened to and there is no drum track.",
        )


class WeightsMissing(Exception):
    """The message is the sentence that people read."""


def find_weights(model: str, repo: Path | None) -> Weights:
    """Decides within about a second; raises `WeightsMissing`."""
    if repo is not None:
        if _in_folder(model, repo):
            return Weights(model, repo, is_cached=True)
        raise WeightsMissing(
            f"The drums were not separated: the folder for Demucs' weights holds no model called {model}. "
            "The whole song was listened to instead."
        )
    if _in_cache(model):
        return Weights(model, None, is_cached=True)
    if any_hub_answers():
        return Weights(model, None, is_cached=False)
    raise WeightsMissing(
        "The drums were not separated: the weights of Demucs are not on this machine and could not be "
        "downloaded. The whole song was listened to instead."
    )


def _local_repo() -> Path | None:
    folder = os.environ.get("BEATSIGHT_DEMUCS_REPO")
    return Path(folder) if folder else None


def _in_folder(model: str, repo: Path) -> bool:
    return any(any(repo.glob(pattern)) for pattern in (f"{model}.yaml", f"{model}.th", f"{model}-*.th"))


def _in_cache(model: str) -> bool:
    hub = Path(os.environ.get("HF_HOME") or Path.home() / ".cache/huggingface") / "hub"
    hub = Path(os.environ.get("HF_HUB_CACHE") or hub)
    if any(hub.glob(f"models--*--{_hub_name(model)}/snapshots/*/*.safetensors")):
        return True
    return all(_checkpoint(signature).exists() for signature in _signatures(model))


def _hub_name(model: str) -> str:
    """The repository that Demucs publishes a model in, as its own `hf.hf_repo_name` has it."""
    if model == "htdemucs":
        return "HTDemucs"
    return (
        f"HTDemucs-{model.removeprefix('htdemucs_')}" if model.startswith("htdemucs_") else f"Demucs-{model}"
    )


def _remote_folder() -> Path:
    """Demucs' own lists of models, read without importing it."""
    spec = find_spec("demucs")
    if spec is None or not spec.submodule_search_locations:
        raise WeightsMissing("The drums were not separated: Demucs is not installed on this worker.")
    return Path(spec.submodule_search_locations[0]) / "remote"


def _signatures(model: str) -> list[str]:
    import yaml

    bag = _remote_folder() / f"{model}.yaml"
    return yaml.safe_load(bag.read_text())["models"] if bag.exists() else [model]


def _checkpoint(signature: str) -> Path:
    files = (_remote_folder() / "files.txt").read_text().split()
    name = next((file for file in files if file.startswith(f"{signature}-")), f"{signature}.th")
    return Path(torch.hub.get_dir()) / "checkpoints" / name


def any_hub_answers(patience_s: float = PATIENCE_S) -> bool:
    """Whether a connection to one of the hubs opens in time. Looking up a name can hang, so nobody waits for it."""
    answered = threading.Event()

    def knock(host: str) -> None:
        try:
            socket.create_connection((host, HTTPS_PORT), patience_s).close()
        except OSError:
            return
        answered.set()

    knocking = [threading.Thread(target=knock, args=(host,), daemon=True) for host in HUBS]
    for thread in knocking:
        thread.start()
    share_s = patience_s / len(knocking)
    for thread in knocking:
        thread.join(0 if answered.is_set() else share_s)
    return answered.is_set()


def _run_demucs(weights: Weights, stereo: np.ndarray, on_progress: Callable[[float], None]) -> np.ndarray:
    if weights.is_cached:
        os.environ["HF_HUB_OFFLINE"] = "1"  # what is here is used without asking for something newer
    from demucs.api import Separator

    def tell(state: dict) -> None:
        if state["state"] == "end" and state["audio_length"]:
            part = min(1.0, state["segment_offset"] / state["audio_length"])
            on_progress((state["model_idx_in_bag"] + part) / state["models"])

    device = "cuda" if torch.cuda.is_available() else "cpu"
    separator = Separator(weights.model, repo=weights.repo, device=device, shifts=0, callback=tell)
    _, stems = separator.separate_tensor(torch.from_numpy(np.ascontiguousarray(stereo.T)), SAMPLE_RATE_HZ)
    drums = stems["drums"].numpy()
    return np.ascontiguousarray(drums.T)[: len(stereo)]
