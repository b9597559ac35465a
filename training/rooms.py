"""Rooms to play drums in: impulse responses of shoebox rooms by image sources, with a diffuse tail.

Allen and Berkley, "Image method for efficiently simulating small-room acoustics", 1979. The early reflections
come from mirrored sources; after `EARLY_S`, where they have become too many to tell apart, decaying noise goes on.
"""

import numpy as np
from scipy.signal import lfilter

from transcription.units import SAMPLE_RATE_HZ

SPEED_OF_SOUND_M_S = 343.0
EARLY_S = 0.08
LONGEST_S = 0.95
# Where in front of the drummer's stool each group of drums stands: across, ahead, height (m).
PLACES_M = {
    "kick": (0, 0.6, 0.3), "snare": (0.2, 0.1, 0.7), "hihat": (0.6, 0.1, 0.9), "tom": (-0.3, 0.4, 0.8),
    "over": (-0.5, 0.4, 1.2),
}  # fmt: skip


def responses(rng: np.random.Generator) -> np.ndarray:
    """(places, samples) float32: what a microphone in a room adds to each group of drums, the direct sound left out.

    Each has an energy of 1. Reverberation lasts 0.12 to 1.4 s.
    """
    size_m = rng.uniform((3, 3, 2.3), (10, 9, 4.5))
    decay_s = float(np.exp(rng.uniform(np.log(0.12), np.log(1.4))))
    # Sabine's formula, turned round: what share of the amplitude a wall gives back.
    volume, surface = size_m.prod(), 2 * (size_m * np.roll(size_m, 1)).sum()
    reflected = np.sqrt(np.clip(1 - 0.161 * volume / (surface * decay_s), 0.05, 0.95))
    stool_m = size_m * (rng.uniform(0.3, 0.7), rng.uniform(0.2, 0.5), 0)
    microphone_m = size_m * rng.uniform((0.15, 0.4, 0.3), (0.85, 0.9, 0.8))
    darkness = rng.uniform(0, 0.75)
    length = int(min(LONGEST_S, decay_s) * SAMPLE_RATE_HZ)
    tail = rng.standard_normal(length) * np.exp(-6.9 * np.arange(length) / SAMPLE_RATE_HZ / decay_s)
    tail[: min(length, int(EARLY_S / 2 * SAMPLE_RATE_HZ))] = 0
    made = []
    for place in PLACES_M.values():
        source_m = np.minimum(stool_m + place, size_m - 0.1)
        response = _early_reflections(size_m, source_m, microphone_m, reflected, length)
        response += tail * np.abs(response).sum() / (np.abs(tail).sum() + 1e-9) * rng.uniform(0.5, 1.5)
        response = lfilter([1 - darkness], [1, -darkness], response)
        made.append(response / np.sqrt(np.square(response).sum() + 1e-12))
    return np.array(made, np.float32)


def _early_reflections(
    size_m: np.ndarray, source_m: np.ndarray, microphone_m: np.ndarray, reflected: float, length: int
) -> np.ndarray:
    """Image sources up to `EARLY_S`, the first path (the direct sound) at 0 s and left out."""
    reach = np.ceil(EARLY_S * SPEED_OF_SOUND_M_S / (2 * size_m)).astype(int)
    cells = np.stack(np.meshgrid(*(np.arange(-n, n + 1) for n in reach), indexing="ij"), -1).reshape(-1, 1, 3)
    mirrored = np.stack(np.meshgrid(*([0, 1],) * 3, indexing="ij"), -1).reshape(1, 8, 3)
    images_m = (1 - 2 * mirrored) * source_m + 2 * cells * size_m
    bounces = np.abs(2 * cells - mirrored).sum(-1).ravel()
    path_m = np.linalg.norm(images_m - microphone_m, axis=-1).ravel()
    direct_m = np.linalg.norm(source_m - microphone_m)
    samples = ((path_m - direct_m) / SPEED_OF_SOUND_M_S * SAMPLE_RATE_HZ).astype(int)
    is_heard = (bounces > 0) & (samples >= 0) & (samples < min(length, int(EARLY_S * SAMPLE_RATE_HZ)))
    response = np.zeros(length)
    np.add.at(response, samples[is_heard], reflected ** bounces[is_heard] / np.maximum(path_m[is_heard], 0.3))
    return response


def plain_response(rng: np.random.Generator) -> np.ndarray:
    """One impulse response of a made-up room: a few early reflections before decaying, darkened noise."""
    decay_s = float(np.exp(rng.uniform(np.log(0.12), np.log(1.4))))
    length = int(min(1.0, decay_s) * SAMPLE_RATE_HZ)
    seconds = np.arange(length, dtype=np.float32) / SAMPLE_RATE_HZ
    response = rng.standard_normal(length).astype(np.float32) * np.exp(-6.9 * seconds / decay_s)
    response[: int(rng.uniform(0, 0.012) * SAMPLE_RATE_HZ) + 1] = 0
    for _ in range(6):
        response[int(rng.uniform(0.002, 0.04) * SAMPLE_RATE_HZ) % length] += rng.normal(0, 12)
    darkness = rng.uniform(0, 0.75)
    response = lfilter([1 - darkness], [1, -darkness], response)
    return (response / np.sqrt(np.square(response).sum())).astype(np.float32)
