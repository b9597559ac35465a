"""The baseline that needs no learning: rises of energy in three bands are kick, snare and hi-hat.

Spectral flux of the logarithmic spectrum in each band, and its peaks above a moving mean (Dixon, "Onset Detection
Revisited", 2006). What sounds in a band is taken for the drum that lives there, whatever it is.
"""

import numpy as np

from transcription.units import SAMPLE_RATE_HZ

HOP_SAMPLES, WINDOW_SAMPLES = 441, 2048
# Fundamentals of kicks; body and rattle of snares below the hats; where little but cymbals sounds.
BANDS_HZ = {"kick": (30, 120), "snare": (180, 4_000), "hihat_closed": (7_000, 16_000)}
COMPRESSION = 100.0  # the logarithm bends 40 dB below full scale
MEAN_FRAMES = 15  # on either side
ABOVE_MEAN = 1.6
LEAST_SHARE = 0.25  # of the song's strong rises (99th percentile)
APART_FRAMES = 5
BLOCK_FRAMES = 2_000


def strokes(samples: np.ndarray) -> list[tuple[float, str]]:
    """Mono float32 samples at 44.1 kHz → (seconds, drum)."""
    found = []
    for drum, rise in zip(BANDS_HZ, _rises(samples).T, strict=True):
        found += [(frame * HOP_SAMPLES / SAMPLE_RATE_HZ, drum) for frame in _peaks(rise)]
    return found


def _rises(samples: np.ndarray) -> np.ndarray:
    """(frames, bands): the mean rise of the logarithmic magnitudes in each band from frame to frame."""
    loudest = max(float(np.abs(samples).max(initial=0)), 1e-6)
    padded = np.pad(samples, (WINDOW_SAMPLES // 2, WINDOW_SAMPLES)) / loudest
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW_SAMPLES)[::HOP_SAMPLES]
    hz = np.fft.rfftfreq(WINDOW_SAMPLES, 1 / SAMPLE_RATE_HZ)
    is_in_band = np.array([(hz >= low) & (hz < high) for low, high in BANDS_HZ.values()], np.float32)
    window = np.hanning(WINDOW_SAMPLES) / (WINDOW_SAMPLES / 4)  # a sine of full scale has magnitude 1
    rises, before = [], None
    for first in range(0, len(frames), BLOCK_FRAMES):
        spectrum = np.abs(np.fft.rfft(frames[first : first + BLOCK_FRAMES] * window))
        level = np.log1p(COMPRESSION * spectrum)
        rise = np.maximum(np.diff(level, axis=0, prepend=level[:1] if before is None else before), 0)
        rises.append(rise @ is_in_band.T / is_in_band.sum(1))
        before = level[-1:]
    return np.concatenate(rises)


def _peaks(rise: np.ndarray) -> np.ndarray:
    """Frames that stand out of their surroundings and of the song."""
    around = np.convolve(rise, np.ones(2 * MEAN_FRAMES + 1) / (2 * MEAN_FRAMES + 1), "same")
    padded = np.pad(rise, APART_FRAMES, constant_values=-np.inf)
    highest = np.lib.stride_tricks.sliding_window_view(padded, 2 * APART_FRAMES + 1).max(1)
    least = LEAST_SHARE * np.percentile(rise, 99)
    frames = np.flatnonzero((rise >= highest) & (rise > ABOVE_MEAN * around) & (rise > max(least, 1e-6)))
    return frames[np.diff(frames, prepend=-APART_FRAMES - 1) > APART_FRAMES]
