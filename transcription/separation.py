"""Drums and the rest of a song, each by itself: through Demucs where its weights can be had, else through our own
separator, whose weights come with BeatSight. So every song has a drum track, and no job fails for want of weights.

What Demucs separates is clean enough for the ear to listen to it alone. What our own separator leaves the ear hears
beside the whole song, and believes both alike.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from transcription import separator
from transcription.demucs_drums import demucs_drums
from transcription.demucs_weights import WeightsMissing, find_weights
from transcription.stored_weights import DamagedWeights

log = logging.getLogger(__name__)
OnProgress = Callable[[float], None]


@dataclass(frozen=True)
class Separation:
    """What was separated, by which model ("none": by none), and a sentence about it for people."""

    model: str
    note: str
    drums: np.ndarray | None = None  # (samples, 2) at 44.1 kHz
    is_heard_alone: bool = (
        False  # whether the drums are clean enough for the ear to leave the song itself aside
    )


def separate(stereo: np.ndarray, on_progress: OnProgress = lambda _: None) -> Separation:
    """(samples, 2) float32 at 44.1 kHz → its drums. Never fails: what goes wrong becomes the note."""
    try:
        weights = find_weights()
        drums = demucs_drums(weights, stereo, on_progress)
        note = f"Demucs ({weights.model}) separated the drums, and the notes were heard in them alone."
        return Separation(weights.model, note, drums, is_heard_alone=True)
    except WeightsMissing as missing:
        reason = str(missing)
    except (Exception, SystemExit):  # Demucs exits where it finds fault with its settings
        log.exception("Demucs failed")
        reason = "Demucs failed on this song"
    return _by_ourselves(stereo, reason, on_progress)


def _by_ourselves(stereo: np.ndarray, reason: str, on_progress: OnProgress) -> Separation:
    try:
        own = _own_separator()
        drums = separator.drums_of(own, stereo, on_progress)
    except (DamagedWeights, RuntimeError):  # torch says so where memory ends
        log.exception("Our own separator failed")
        return Separation(
            "none",
            f"The drums were not separated: {reason}, and our own separator failed. "
            "The notes were heard in the whole song.",
        )
    note = (
        f"BeatSight's own small separator made the drum track, because {reason}: "
        "some of the music is left in it, where Demucs leaves less. The notes were heard in it and in the whole song."
    )
    return Separation(own.name, note, drums)


@lru_cache(maxsize=1)
def _own_separator() -> separator.Separator:
    return separator.load()
