"""Where Demucs' weights are, found without importing Demucs, which takes seconds.

They are looked for first, by name (`BEATSIGHT_DEMUCS_MODEL`, default htdemucs), in a local folder
(`BEATSIGHT_DEMUCS_REPO`) or in the caches of the Hugging Face and torch hubs; only then is the network asked, for
less than a second. Of a bag of models only those count that have a say in drums: one of the four of htdemucs_ft.
"""

import os
import socket
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import torch

DEFAULT_MODEL = "htdemucs"
HUBS = ("huggingface.co", "dl.fbaipublicfiles.com")
HTTPS_PORT = 443
PATIENCE_S = 0.8
DRUMS_COLUMN = 0  # every bag of Demucs gives its weights in the order drums, bass, other, vocals


class WeightsMissing(Exception):
    """The message says why, as the end of a sentence that begins with "because"."""


@dataclass(frozen=True)
class Bag:
    """The models of a bag that have a say in drums, by signature, and how much each has."""

    signatures: tuple[str, ...]
    weights: tuple[float, ...]
    segment_s: float | None = None


@dataclass(frozen=True)
class DemucsWeights:
    """Where the weights are: in a local folder, in the hubs' caches, or to be fetched from a hub."""

    model: str
    bag: Bag
    repo: Path | None
    is_cached: bool


def find_weights() -> DemucsWeights:
    """Decides within a second; raises `WeightsMissing`."""
    model = os.environ.get("BEATSIGHT_DEMUCS_MODEL") or DEFAULT_MODEL
    remote = _remote_folder()
    if folder := os.environ.get("BEATSIGHT_DEMUCS_REPO"):
        bag = _bag(model, Path(folder), remote)
        if all(_in_folder(signature, Path(folder)) for signature in bag.signatures):
            return DemucsWeights(model, bag, Path(folder), is_cached=True)
        raise WeightsMissing(f"the folder for Demucs' weights holds no model called {model}")
    bag = _bag(model, remote)
    if _in_hub_cache(model, bag) or all(_checkpoint(each, remote).exists() for each in bag.signatures):
        return DemucsWeights(model, bag, None, is_cached=True)
    if any_hub_answers():
        return DemucsWeights(model, bag, None, is_cached=False)
    raise WeightsMissing("the weights of Demucs are not on this machine and could not be downloaded")


def hub_repository(model: str) -> str:
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
        raise WeightsMissing("Demucs is not installed on this machine")
    return Path(spec.submodule_search_locations[0]) / "remote"


def _bag(model: str, *folders: Path) -> Bag:
    import yaml

    listed = next((path for folder in folders if (path := folder / f"{model}.yaml").exists()), None)
    if listed is None:
        return Bag((model,), (1.0,))
    bag = yaml.safe_load(listed.read_text())
    weights = [row[DRUMS_COLUMN] for row in bag.get("weights") or [[1.0]] * len(bag["models"])]
    say = {index: weight for index, weight in enumerate(weights) if weight}
    return Bag(tuple(bag["models"][index] for index in say), tuple(say.values()), bag.get("segment"))


def _in_folder(signature: str, folder: Path) -> bool:
    return (folder / f"{signature}.th").exists() or any(folder.glob(f"{signature}-*.th"))


def _in_hub_cache(model: str, bag: Bag) -> bool:
    hub = Path(os.environ.get("HF_HOME") or Path.home() / ".cache/huggingface") / "hub"
    hub = Path(os.environ.get("HF_HUB_CACHE") or hub)
    return any(
        all((snapshot / f"{signature}.safetensors").exists() for signature in bag.signatures)
        for snapshot in hub.glob(f"models--*--{hub_repository(model)}/snapshots/*")
    )


def _checkpoint(signature: str, remote: Path) -> Path:
    files = (remote / "files.txt").read_text().split()
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
    share_s = patience_s / max(1, len(knocking))
    for thread in knocking:
        thread.join(0 if answered.is_set() else share_s)
    return answered.is_set()
