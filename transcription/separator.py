"""BeatSight's own separator: the drums of a song through a small network, wherever BeatSight is installed.

The song is cut into windows that overlap by half, the network gives each moment and pitch range its share of drums,
and that share of both channels is put together again. Chunks overlap by all that the network looks back and ahead,
so cutting changes nothing and a song of any length takes the same memory besides its samples.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from transcription import stored_weights
from transcription.device import chosen_device
from transcription.separator_network import HOP_SAMPLES, WINDOW_SAMPLES, MaskNetwork, expand, features, window
from transcription.spectrum import loudness_gain
from transcription.stored_weights import FOLDER

SHIPPED = "beatsight-separator-1"
CHUNK_FRAMES = 1_300  # 30 s: 60 MB while it is worked on
MARGIN_FRAMES = 80  # 1.9 s; the network looks 74 back and ahead


@dataclass(frozen=True)
class Separator:
    name: str
    network: MaskNetwork

    @property
    def device(self) -> torch.device:
        return next(self.network.parameters()).device


def load(name: str = SHIPPED, folder: Path = FOLDER, device: torch.device | None = None) -> Separator:
    """On the chosen device (see `device`). Raises `DamagedWeights`."""
    network = MaskNetwork()
    stored_weights.fill(network, name, stored_weights.read_card(name, folder), folder)
    return Separator(name, network.eval().to(device or chosen_device()))


def save(network: MaskNetwork, card: dict[str, Any], folder: Path = FOLDER) -> Path:
    """Writes the network with its card."""
    return stored_weights.write(network, card, folder)


@torch.inference_mode()
def drums_of(
    separator: Separator, stereo: np.ndarray, on_progress: Callable[[float], None] = lambda _: None,
    chunk_frames: int = CHUNK_FRAMES,
) -> np.ndarray:  # fmt: skip
    """(samples, 2) float32 at 44.1 kHz → its drums, the same shape; what is left of the song is the rest."""
    sound = torch.from_numpy(np.ascontiguousarray(stereo))
    gain = loudness_gain(sound.reshape(-1))
    # Frame i is centred on sample i × 1024, so the first and last one reach half a window over the edge.
    frames = -(-len(sound) // HOP_SAMPLES) + 1
    drums = torch.zeros((frames + 1) * HOP_SAMPLES, 2)
    for first in range(0, frames, chunk_frames):
        last = min(first + chunk_frames, frames)
        windows = _drum_windows(separator, sound, gain, first, last, frames).transpose(1, 2)
        stretch = drums[first * HOP_SAMPLES : (last + 1) * HOP_SAMPLES].unflatten(0, (-1, HOP_SAMPLES))
        stretch[:-1] += windows[:, :HOP_SAMPLES]
        stretch[1:] += windows[:, HOP_SAMPLES:]
        on_progress(last / frames)
    return drums[HOP_SAMPLES:][: len(sound)].numpy()


def _drum_windows(
    separator: Separator, sound: torch.Tensor, gain: float, first: int, last: int, frames: int
) -> torch.Tensor:
    """What is drums in the windows of frames `first` to `last` → (frames, channels, window), to be added up."""
    start, end = max(0, first - MARGIN_FRAMES), min(frames, last + MARGIN_FRAMES)
    spectrum = _spectrum(sound, start, end, separator.device)
    power = (
        spectrum.abs().square().mean(1) * gain**2
    )  # of both channels: their sum would lose what cancels in it
    share = expand(separator.network(features(power.T)[None])[0]).T[:, None]
    inside = slice(first - start, last - start)
    return (torch.fft.irfft(spectrum[inside] * share[inside]) * window().to(spectrum.device)).cpu()


def _spectrum(sound: torch.Tensor, start: int, end: int, device: torch.device) -> torch.Tensor:
    """Complex (frames, channels, bins) of frames `start` to `end`; there is silence around the song."""
    from_sample, to_sample = (start - 1) * HOP_SAMPLES, end * HOP_SAMPLES
    stretch = sound[max(0, from_sample) : to_sample]
    before = max(0, -from_sample)
    after = to_sample - from_sample - before - len(stretch)
    padded = torch.nn.functional.pad(stretch.T.to(device), (before, after))
    return torch.fft.rfft(padded.unfold(1, WINDOW_SAMPLES, HOP_SAMPLES) * window().to(device)).transpose(0, 1)
