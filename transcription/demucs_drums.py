"""The drums of a song through Demucs, by only those models of a bag that have a say in drums.

Demucs takes seconds to import, so this happens only when it will be used.
"""

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from transcription.demucs_weights import DemucsWeights, hub_repository
from transcription.device import chosen_device

AUTHORS = "adefossez"  # who publishes Demucs on the Hugging Face hub


def demucs_drums(
    weights: DemucsWeights, stereo: np.ndarray, on_progress: Callable[[float], None] = lambda _: None
) -> np.ndarray:
    """(samples, 2) float32 at 44.1 kHz → its drums, the same shape."""
    if weights.is_cached:
        os.environ["HF_HUB_OFFLINE"] = "1"  # what is here is used without asking for something newer
    from demucs.apply import apply_model

    bag = _load(weights)

    def tell(state: dict[str, Any]) -> None:
        if state["state"] == "end":
            part = min(1.0, state["segment_offset"] / max(1, len(stereo)))
            on_progress((state["model_idx_in_bag"] + part) / state["models"])

    song = torch.from_numpy(np.ascontiguousarray(stereo.T))
    middle = song.mean(0)  # Demucs' own front door levels a song by its middle
    mean, spread = middle.mean(), middle.std() + 1e-8
    found = apply_model(
        bag, ((song - mean) / spread)[None], shifts=0, device=chosen_device(), callback=tell, callback_arg={}
    )
    drums = found[0, bag.sources.index("drums")] * spread + mean
    return np.ascontiguousarray(drums.T.numpy())


def _load(weights: DemucsWeights) -> Any:
    from demucs.apply import BagOfModels

    models = [_model(weights, signature).eval() for signature in weights.bag.signatures]
    shares = [[share] * len(models[0].sources) for share in weights.bag.weights]
    return BagOfModels(models, shares, weights.bag.segment_s)


def _model(weights: DemucsWeights, signature: str) -> Any:
    from demucs.pretrained import REMOTE_ROOT, _parse_remote_files
    from demucs.repo import LocalRepo, RemoteRepo

    if weights.repo is not None:
        return LocalRepo(weights.repo).get_model(signature)
    from demucs.hf import load_safetensors_model
    from huggingface_hub import hf_hub_download

    try:
        place = f"{AUTHORS}/{hub_repository(weights.model)}"
        return load_safetensors_model(hf_hub_download(place, f"{signature}.safetensors"))
    except Exception:  # as Demucs itself does: where the one hub has no such file, its older one may
        return RemoteRepo(_parse_remote_files(REMOTE_ROOT / "files.txt")).get_model(signature)
