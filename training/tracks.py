"""Laying sounds on a track."""

import numpy as np

from transcription.units import SAMPLE_RATE_HZ


def lay(track: np.ndarray, sound: np.ndarray, time_s: float) -> None:
    """Adds a sound at its time, as far as the track reaches; before the track's start it begins with the track."""
    start = max(0, int(time_s * SAMPLE_RATE_HZ))
    end = min(len(track), start + len(sound))
    if end > start:
        track[start:end] += sound[: end - start]
