"""Sounds with known answers: a synthetic drum kit, songs played on it, and files of them."""

import wave
from pathlib import Path

import numpy as np

from training.scoring.matching import WINDOW_S, Score
from transcription.units import SAMPLE_RATE_HZ

RNG_SEED = 7
DEMO = Path(__file__).parents[2] / "maps" / "demo"


def kick() -> np.ndarray:
    seconds = np.arange(int(0.25 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    pitch_hz = 48 + 110 * np.exp(-seconds * 45)
    body = np.sin(2 * np.pi * np.cumsum(pitch_hz) / SAMPLE_RATE_HZ) * np.exp(-seconds * 14)
    return body + 0.3 * _noise(len(seconds)) * np.exp(-seconds * 500)


def snare() -> np.ndarray:
    seconds = np.arange(int(0.2 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    body = np.sin(2 * np.pi * 190 * seconds) * np.exp(-seconds * 28)
    return 0.5 * body + 0.6 * _noise(len(seconds)) * np.exp(-seconds * 22)


def hihat() -> np.ndarray:
    seconds = np.arange(int(0.08 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    bright = np.diff(_noise(len(seconds) + 2), 2)
    return 0.12 * bright * np.exp(-seconds * 60)


def _noise(length: int) -> np.ndarray:
    return np.random.default_rng(RNG_SEED).standard_normal(length)


def rock_beat(bpm: float, bars: int, first_beat_s: float = 0.5) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Kick on one and three, snare on two and four, hats on eighths → (mono samples, times by drum)."""
    beat_s = 60 / bpm
    beats_s = first_beat_s + np.arange(4 * bars) * beat_s
    times = {
        "kick": beats_s[0::2],
        "snare": beats_s[1::2],
        "hihat_closed": first_beat_s + np.arange(8 * bars) * beat_s / 2,
    }
    samples = np.zeros(int((beats_s[-1] + 1.5) * SAMPLE_RATE_HZ))
    for drum, sound in (("kick", kick()), ("snare", snare()), ("hihat_closed", hihat())):
        for time_s in times[drum]:
            start = int(time_s * SAMPLE_RATE_HZ)
            samples[start : start + len(sound)] += sound
    return (0.5 * samples / np.abs(samples).max()).astype(np.float32), times


def write_wav(path: Path, samples: np.ndarray, rate_hz: int = SAMPLE_RATE_HZ) -> Path:
    """(samples,) or (samples, channels) of full scale ±1 as 16 bit."""
    samples = samples[:, None] if samples.ndim == 1 else samples
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())
    return path


def f_measure(true_s: np.ndarray, found_s: np.ndarray, window_s: float = WINDOW_S) -> float:
    """Times matched one to one within the window."""
    score = Score()
    score.add(true_s, found_s, window_s)
    return score.f
