"""Are two fingerprints the same recording? Their codes are laid over each other and the bits compared.

AcoustID finds the shift by counting offsets of equal codes, since its recordings may overlap anywhere. Ours
start within seconds of each other, and trying every such shift costs five milliseconds and also finds those
where hardly any code survived the encoding unchanged.
"""

from dataclasses import dataclass

import numpy as np

from catalog.fingerprints.chromaprint import CODE_S

# Silence before the song, or a start that was cut off.
MAX_SHIFT_S = 15.0
# Shorter overlaps agree by chance.
SHORTEST_OVERLAP_S = 10.0
# A held note or a hum makes the same few codes whatever it is; they identify nothing.
FEWEST_DISTINCT_CODES = 20
BITS = 32

# Measured on four rock songs and eight synthesised ones, 130 s each. The same recording: MP3 at 96 kbit/s
# 0.98, at 64 kbit/s 0.96, Opus at 48 kbit/s 0.95, mono MP3 at 32 kbit/s 0.94, 3 dB louder 1.00, 2 s cut off
# 0.90 to 0.96 (0.89 at 64 kbit/s and louder), 10 s cut off 0.98. Another song: 0.15 at most, also in the same
# key and tempo. The same song played 1 % faster: 0.51 to 0.57; its map would drift from the sound, so it must
# stay another recording.
SAME_RECORDING_SCORE = 0.70


@dataclass(frozen=True, order=True)
class Match:
    """How alike two fingerprints are.

    `score`: 1 where all bits agree, 0 where no more do than by chance. `shift_ms`: how much later the same
    sound comes in the second fingerprint than in the first. `overlap_s`: how much of them was compared.
    """

    score: float
    shift_ms: int
    overlap_s: float

    @property
    def is_same_recording(self) -> bool:
        return self.score >= SAME_RECORDING_SCORE


NO_MATCH = Match(0.0, 0, 0.0)


def similarity(first: np.ndarray, second: np.ndarray, max_shift_s: float = MAX_SHIFT_S) -> Match:
    """The best match of two fingerprints' codes, uint32 (codes,) each, over all shifts up to `max_shift_s`."""
    most = round(max_shift_s / CODE_S)
    return best_match(first, second, np.arange(-most, most + 1))


def best_match(first: np.ndarray, second: np.ndarray, shifts: np.ndarray) -> Match:
    """As `similarity`, over the given shifts only, in codes."""
    if not len(first) or not len(second):
        return NO_MATCH
    at = np.arange(len(first)) + shifts[:, None]
    overlaps = (at >= 0) & (at < len(second))
    differing = np.bitwise_count(first ^ second[np.clip(at, 0, len(second) - 1)])
    compared = overlaps.sum(axis=1)
    errors = np.where(overlaps, differing, 0).sum(axis=1) / np.maximum(compared, 1) / BITS
    errors[compared * CODE_S < SHORTEST_OVERLAP_S] = 1.0

    best = int(np.argmin(errors))
    score = max(0.0, 1 - 2 * float(errors[best]))
    if score == 0 or len(np.unique(first[overlaps[best]])) < FEWEST_DISTINCT_CODES:
        return NO_MATCH
    return Match(score, round(int(shifts[best]) * CODE_S * 1000), float(compared[best]) * CODE_S)
