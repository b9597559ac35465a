"""A singer who sings no words: vowels by formants, and the hisses and bursts between them.

What matters for drums are the consonants: an s is a hi-hat to a careless ear, a t or k a snare.
"""

import numpy as np
from scipy.signal import butter, lfilter

from training.tracks import lay
from transcription.units import SAMPLE_RATE_HZ

# First three formants of five vowels of a man's voice (Hz): Peterson and Barney 1952.
VOWELS_HZ = ((730, 1090, 2440), (270, 2290, 3010), (530, 1840, 2480), (570, 840, 2410), (300, 870, 2240))
BANDWIDTHS_HZ = (80, 110, 160)
CONSONANTS = (("hiss", 0.35), ("burst", 0.35), ("none", 0.3))


def sing(
    times_s: np.ndarray, pitches: np.ndarray, samples: int, rng: np.random.Generator, *, is_woman: bool
) -> np.ndarray:
    """Syllables at `times_s` on MIDI `pitches` → mono float32."""
    sung = np.zeros(samples, np.float32)
    scale = 1.17 if is_woman else 1.0
    breathiness, vibrato = rng.uniform(0.01, 0.15), rng.uniform(0, 0.5)
    ends_s = np.append(times_s[1:], samples / SAMPLE_RATE_HZ)
    for time_s, end_s, pitch in zip(times_s, ends_s, pitches, strict=True):
        length_s = min(end_s - time_s, rng.uniform(0.12, 1.2))
        vowel = _vowel(float(pitch), length_s, scale, breathiness, vibrato, rng)
        lay(sung, vowel * rng.uniform(0.5, 1), time_s)
        kind = rng.choice([name for name, _ in CONSONANTS], p=[share for _, share in CONSONANTS])
        if kind != "none":
            consonant = _consonant(kind, rng)
            lay(sung, consonant, time_s - len(consonant) / SAMPLE_RATE_HZ)
        if rng.random() < 0.15:
            lay(sung, _consonant("hiss", rng), time_s + length_s)
    return sung


def _vowel(
    pitch: float, length_s: float, scale: float, breathiness: float, vibrato: float, rng: np.random.Generator
) -> np.ndarray:
    seconds = np.arange(max(400, int(length_s * SAMPLE_RATE_HZ))) / SAMPLE_RATE_HZ
    bend = vibrato * np.sin(2 * np.pi * rng.uniform(4.5, 6.5) * seconds) - rng.uniform(0, 1.5) * np.exp(
        -seconds / 0.04
    )
    phase = np.cumsum(440 * 2 ** ((pitch - 69 + bend) / 12)) / SAMPLE_RATE_HZ
    source = 2 * (phase % 1) - 1 + breathiness * rng.standard_normal(len(seconds))
    source = lfilter([0.25], [1, -0.75], source)
    vowel = sum(
        _resonance(source, hz * scale, width) * gain
        for hz, width, gain in zip(VOWELS_HZ[rng.integers(5)], BANDWIDTHS_HZ, (1, 0.6, 0.4), strict=True)
    )
    rise = np.minimum(1, seconds / rng.uniform(0.01, 0.06)) * np.minimum(1, (seconds[-1] - seconds) / 0.04)
    return (vowel * rise / (np.abs(vowel).max() + 1e-9)).astype(np.float32)


def _resonance(source: np.ndarray, hz: float, width_hz: float) -> np.ndarray:
    radius = np.exp(-np.pi * width_hz / SAMPLE_RATE_HZ)
    angle = 2 * np.pi * hz / SAMPLE_RATE_HZ
    return lfilter([1 - radius], [1, -2 * radius * np.cos(angle), radius**2], source)


def _consonant(kind: str, rng: np.random.Generator) -> np.ndarray:
    """A hiss of 60 to 180 ms above 3 to 6 kHz, or a burst of 8 to 25 ms above 1 to 3 kHz."""
    if kind == "hiss":
        length_s, lowest_hz = rng.uniform(0.06, 0.18), rng.uniform(3000, 6500)
    else:
        length_s, lowest_hz = rng.uniform(0.008, 0.025), rng.uniform(800, 3000)
    noise = rng.standard_normal(int(length_s * SAMPLE_RATE_HZ))
    noise = lfilter(*butter(2, lowest_hz, "high", fs=SAMPLE_RATE_HZ), noise)
    shape = (
        np.sin(np.pi * np.linspace(0, 1, len(noise))) ** 0.5
        if kind == "hiss"
        else np.linspace(1, 0, len(noise))
    )
    return (noise / np.abs(noise).max() * shape * rng.uniform(0.08, 0.5)).astype(np.float32)
