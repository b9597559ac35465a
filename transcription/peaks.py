"""The outline of a sound for drawing: its lowest and highest sample in each hundredth of a second."""

import json
from pathlib import Path

import numpy as np

from transcription.units import SAMPLE_RATE_HZ, ms_from_seconds

PEAKS_PER_SECOND = 100
FULL_SCALE = 127


def outline(mono: np.ndarray) -> list[int]:
    """[low, high, low, high …] as integers from -127 to 127."""
    block = SAMPLE_RATE_HZ // PEAKS_PER_SECOND
    blocks = np.pad(mono, (0, -len(mono) % block)).reshape(-1, block)
    extremes = np.stack([blocks.min(1), blocks.max(1)], 1)
    return np.round(np.clip(extremes, -1, 1) * FULL_SCALE).astype(int).ravel().tolist()


def write(path: Path, song: np.ndarray, drums: np.ndarray | None) -> None:
    """Both sounds mono; `drums` is None where nothing was separated."""
    outlines = {
        "version": 1,
        "duration_ms": ms_from_seconds(len(song) / SAMPLE_RATE_HZ),
        "peaks_per_second": PEAKS_PER_SECOND,
        "song": outline(song),
        "drums": None if drums is None else outline(drums),
    }
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(json.dumps(outlines, separators=(",", ":")))
    unfinished.replace(path)
