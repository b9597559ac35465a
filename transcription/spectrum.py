"""Log-mel spectrum: what the network sees of a song, 88 bands at 100 frames a second.

The same code runs in training and in listening, so that the network never meets a spectrum made otherwise.
"""

import math
from functools import lru_cache

import torch

from transcription.units import FRAMES_PER_SECOND, SAMPLE_RATE_HZ

HOP_SAMPLES = SAMPLE_RATE_HZ // FRAMES_PER_SECOND
WINDOW_SAMPLES = 2048  # 46 ms: separates a kick from a bass note, still sharp in time
BANDS = 88
LOWEST_HZ, HIGHEST_HZ = 35.0, 17_000.0
FLOOR = -4.0  # log10 of the quietest power that is told apart, after the shift below
LOUDNESS_BLOCK_SAMPLES = SAMPLE_RATE_HZ // 20
REFERENCE_RMS = 0.2


def loudness_gain(samples: torch.Tensor) -> float:
    """The factor that brings the loud parts of a whole song to one level.

    Loud is the 95th percentile of the RMS of 50 ms blocks, which a quiet intro does not move.
    Taken once for a song: gains by chunk would make soft verses as loud as choruses.
    """
    blocks = samples[: len(samples) // LOUDNESS_BLOCK_SAMPLES * LOUDNESS_BLOCK_SAMPLES]
    if len(blocks) == 0:
        return 1.0
    rms = blocks.reshape(-1, LOUDNESS_BLOCK_SAMPLES).square().mean(1).sqrt()
    loud = float(rms.sort().values[int(0.95 * (len(rms) - 1))])
    return REFERENCE_RMS / loud if loud > 1e-5 else 1.0


def log_mel(samples: torch.Tensor, gain: float) -> torch.Tensor:
    """Mono samples at 44.1 kHz → (frames, 88) float32, frame i centred on sample i × 441."""
    padded = torch.nn.functional.pad(samples * gain, (WINDOW_SAMPLES // 2, WINDOW_SAMPLES // 2))
    frames = padded.unfold(0, WINDOW_SAMPLES, HOP_SAMPLES)
    spectrum = torch.view_as_real(torch.fft.rfft(frames * _window()))
    power = spectrum.square().sum(-1)
    return (torch.log10(power @ _mel_matrix() + 1e-8) + 4).clamp_min(FLOOR)


@lru_cache(maxsize=1)
def _window() -> torch.Tensor:
    window = torch.hann_window(WINDOW_SAMPLES)
    return window / (window.sum() / 2)


@lru_cache(maxsize=1)
def _mel_matrix() -> torch.Tensor:
    """(bins, bands) triangles on the mel scale, each at least a bin wide on either side."""

    def mel(hz: float) -> float:
        return 2595 * math.log10(1 + hz / 700)

    edges_hz = 700 * (10 ** (torch.linspace(mel(LOWEST_HZ), mel(HIGHEST_HZ), BANDS + 2) / 2595) - 1)
    bin_hz = SAMPLE_RATE_HZ / WINDOW_SAMPLES
    hz = torch.arange(WINDOW_SAMPLES // 2 + 1) * bin_hz
    centre = edges_hz[1:-1, None]
    low = torch.minimum(edges_hz[:-2, None], centre - bin_hz)
    high = torch.maximum(edges_hz[2:, None], centre + bin_hz)
    triangles = torch.minimum((hz - low) / (centre - low), (high - hz) / (high - centre)).clamp_min(0)
    return (triangles / triangles.sum(1, keepdim=True)).T.contiguous()
