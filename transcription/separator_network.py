"""The network of our own separator: how much of each moment and pitch range of a song is drums.

It sees a song as 192 bands at 43 frames a second: below 1 kHz each bin of the transform by itself, for that is
where kick and bass lie side by side, above it ever wider ones. Convolutions over time and frequency narrow the
bands down, dilated convolutions over time alone look 1.6 s back and ahead, and the way back up, beside the way
down (a U-Net), ends in one number for each band: the share of it that is drums.
"""

from functools import lru_cache

import torch
from torch import Tensor, nn
from torch.nn import functional

from transcription.units import SAMPLE_RATE_HZ

WINDOW_SAMPLES = 2048  # 46 ms; with ideal masks 4096 gains 0.9 dB more and smears strokes, 1024 loses 1.1 dB
HOP_SAMPLES = WINDOW_SAMPLES // 2  # half of it: a quarter gains 0.1 dB at twice the cost
BINS = WINDOW_SAMPLES // 2 + 1
BANDS = 192  # cost 0.7 dB of what a mask by bins could reach
LINEAR_BELOW_HZ = 1000.0
CHANNELS = (20, 32, 48)
MEMORY = 192
DILATIONS = (1, 2, 4, 8, 16, 32, 4, 1)  # frames
QUIETEST = 1e-3  # power of a bin: 86 dB below that of a full-scale tone


class MaskNetwork(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(2 * BANDS)
        self.down = nn.ModuleList()
        before = 2
        for channels in CHANNELS:
            self.down.append(_convolution(before, channels, stride=2))
            before = channels
        narrow = CHANNELS[-1] * (BANDS // 2 ** len(CHANNELS))
        self.gather = nn.Conv1d(narrow, MEMORY, 1)
        self.memory = nn.ModuleList([_MemoryBlock(dilation) for dilation in DILATIONS])
        self.spread = nn.Conv1d(MEMORY, narrow, 1)
        self.up = nn.ModuleList(
            [_convolution(now, below) for now, below in zip(CHANNELS[:0:-1], CHANNELS[-2::-1], strict=True)]
        )
        self.last = nn.Conv2d(CHANNELS[0], 2, 3, padding=1)  # two neighbouring bands from each place

    def forward(self, bands: Tensor) -> Tensor:
        """(batch, 2, bands, frames) as `features` gives them → (batch, bands, frames), share of drums in 0..1."""
        now = self.norm(bands.flatten(1, 2)).unflatten(1, (2, BANDS))
        passed = []
        for layer in self.down:
            now = layer(now)
            passed.append(now)
        memory = self.gather(now.flatten(1, 2))
        for block in self.memory:
            memory = block(memory)
        now = functional.relu(now + self.spread(memory).view_as(now))
        for layer, beside in zip(self.up, passed[-2::-1], strict=True):
            now = functional.interpolate(layer(now), scale_factor=(2, 1)) + beside
        return self.last(now).transpose(1, 2).flatten(1, 2).sigmoid()


class _MemoryBlock(nn.Module):
    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(MEMORY)
        self.convolution = nn.Conv1d(MEMORY, MEMORY, 3, padding=dilation, dilation=dilation)

    def forward(self, memory: Tensor) -> Tensor:
        return memory + self.convolution(functional.relu(self.norm(memory)))


def _convolution(before: int, after: int, stride: int = 1) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(before, after, 3, (stride, 1), 1, bias=False), nn.BatchNorm2d(after), nn.ReLU(True)
    )


def features(power: Tensor) -> Tensor:
    """(..., bins, frames) power → (..., 2, bands, frames): level, and how much the strongest bin stands out."""
    bands = _to_bands().to(power.device)
    level = torch.log10(bands @ power + QUIETEST)
    sharpness = torch.log10(bands @ power.square() + QUIETEST**2) - 2 * level
    return torch.stack([level, sharpness], -3)


def expand(bands: Tensor) -> Tensor:
    """(..., bands, frames) → (..., bins, frames), linear between the bands' centres."""
    return _from_bands().to(bands.device) @ bands


def transform(samples: Tensor) -> Tensor:
    """(channels, samples) → complex (channels, bins, frames), frame i centred on sample i × 1024."""
    return torch.stft(samples, WINDOW_SAMPLES, HOP_SAMPLES, window=window(), return_complex=True)


@lru_cache(maxsize=1)
@torch.inference_mode(False)  # kept, and used in training too
def window() -> Tensor:
    """Squared and overlapped by half, it adds up to one: what passes unchanged comes back unchanged."""
    return torch.hann_window(WINDOW_SAMPLES).sqrt()


@lru_cache(maxsize=1)
@torch.inference_mode(False)  # kept, and used in training too
def _from_bands() -> Tensor:
    """(bins, bands): every bin is a mixture of the two bands whose centres it lies between."""
    linear = int(LINEAR_BELOW_HZ * WINDOW_SAMPLES / SAMPLE_RATE_HZ)
    wider = linear * ((BINS - 1) / linear) ** (torch.arange(1, BANDS - linear + 1) / (BANDS - linear))
    centres = torch.cat([torch.arange(linear), wider])
    bins = torch.arange(BINS, dtype=torch.float32)
    above = torch.searchsorted(centres, bins).clamp(1, BANDS - 1)
    share = ((bins - centres[above - 1]) / (centres[above] - centres[above - 1])).clamp(0, 1)
    matrix = torch.zeros(BINS, BANDS)
    matrix[torch.arange(BINS), above] = share
    matrix[torch.arange(BINS), above - 1] += 1 - share
    return matrix


@lru_cache(maxsize=1)
@torch.inference_mode(False)  # kept, and used in training too
def _to_bands() -> Tensor:
    """(bands, bins): each band is the mean of the bins that it is spread to."""
    matrix = _from_bands().T
    return (matrix / matrix.sum(1, keepdim=True).clamp_min(1e-6)).contiguous()
