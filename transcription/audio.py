"""A song as samples, through the limited decoder that all hostile files pass."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from decoding.failures import DecodingFailed
from decoding.samples import decode_pcm
from transcription.units import SAMPLE_RATE_HZ

LONGEST_S = 1200
SILENCE_PEAK = 1e-3  # -60 dBFS
OUT_OF_PHASE = 0.05  # share of the energy that is left when such channels are added


@dataclass(frozen=True)
class Song:
    stereo: np.ndarray  # (samples, 2) float32 at 44.1 kHz, full scale ±1
    damage: str | None = None  # what is missing of the song, for people

    @property
    def duration_s(self) -> float:
        return len(self.stereo) / SAMPLE_RATE_HZ

    @property
    def is_silent(self) -> bool:
        return bool(max(self.stereo.max(initial=0), -self.stereo.min(initial=0)) < SILENCE_PEAK)

    def mono(self) -> np.ndarray:
        return as_mono(self.stereo)


def read_song(path: Path) -> Song:
    """Raises `DecodingFailed`; also for a song longer than 20 minutes."""
    sound = decode_pcm(path, SAMPLE_RATE_HZ, 2, max_duration_s=LONGEST_S + 5)
    if len(sound.samples) > LONGEST_S * SAMPLE_RATE_HZ:
        raise DecodingFailed(
            "too_long", "The song is longer than 20 minutes. Cut it to the part you play and send that."
        )
    return Song(sound.samples, sound.damage)


def as_mono(stereo: np.ndarray) -> np.ndarray:
    """(samples, 2) → the middle, or the left channel where the two would cancel each other."""
    middle = stereo.mean(1)
    energy = np.vdot(stereo, stereo) / 2  # of a channel, without a second copy of a long song
    return stereo[:, 0].copy() if np.vdot(middle, middle) < OUT_OF_PHASE * energy else middle
