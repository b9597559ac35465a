"""A drum kit made of sines and noise, so that the teacher's tests need no recording."""

import numpy as np

from training.kits import OneShot
from transcription.units import SAMPLE_RATE_HZ

TONES_HZ = {"kick": 55, "tom_low": 80, "tom_mid": 110, "tom_high": 150}
RINGS_S = {"kick": 0.08, "snare": 0.06, "hihat_closed": 0.02, "hihat_open": 0.3, "crash": 0.6, "ride": 0.5}


def one_shot(drum: str, velocity: float = 1.0) -> OneShot:
    seconds = np.arange(int(1.2 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    noise = np.random.default_rng(len(drum)).standard_normal(len(seconds))
    if drum in TONES_HZ:
        sound = np.sin(2 * np.pi * TONES_HZ[drum] * seconds)
    elif drum == "snare":
        sound = np.sin(2 * np.pi * 190 * seconds) + 0.3 * noise
    else:
        sound = np.diff(noise, prepend=0)
    sound *= np.exp(-seconds / RINGS_S.get(drum, 0.15))
    return OneShot(velocity, -10.0, (sound / np.abs(sound).max() * 30_000).astype(np.int16))


def kit(*drums: str) -> dict:
    """A library of one kit, as `kits.load_library` gives it."""
    return {drum: {"muldjord": {"dry": {"hit": [one_shot(drum)]}}} for drum in drums}
