"""Beats and bar lines: the way of a pointer through the bars that explains best what was heard.

The network's own beats count most; the strokes of the kit speak where it is unsure, through what drummers
usually play in a bar.
"""

import numpy as np

from transcription.bar_pointer import Path, follow
from transcription.bars import counted_again
from transcription.evidence import events
from transcription.explaining import STEPS_PER_SECOND, WEIGHTS, explained
from transcription.music import Beats, Heard
from transcription.patterns import BARS, COMPOUND
from transcription.units import FRAMES_PER_SECOND

SHORTEST_S = 2.0
FEWEST_EVENTS = 8.0  # beats and strokes, each as much as it is sure: with fewer there is no pulse
NO_BEAT_BPM = 120.0
REACH_FRAMES = 4  # events this near pull a beat towards themselves
INERTIA = 0.1  # of a beat, against an event's certainty


def find_beats(heard: Heard) -> Beats:
    """Where nothing beats, an even grid of 120 bpm in 4/4 that starts with the song."""
    frames = len(heard.beats)
    if frames < SHORTEST_S * FRAMES_PER_SECOND:
        return _even_grid(frames)
    happening = events(heard)
    if happening.sum() < FEWEST_EVENTS:
        return _even_grid(frames)
    path = follow(explained(happening))
    if len(path.steps) < 4:
        return _even_grid(frames)
    path = counted_again(path, heard)
    return Beats(_onto_events(path, happening), path.places == 0, _is_dotted(path))


def _even_grid(frames: int) -> Beats:
    count = max(4, int(frames / FRAMES_PER_SECOND * NO_BEAT_BPM / 60) + 1)
    return Beats(np.arange(count) * 60 / NO_BEAT_BPM, np.arange(count) % 4 == 0)


def _is_dotted(path: Path) -> np.ndarray:
    return np.array([bar.division == COMPOUND for bar in BARS])[path.bars]


def _onto_events(path: Path, happening: np.ndarray) -> np.ndarray:
    """Seconds: each beat at the centre of the events around it, for steps are coarse."""
    frames = np.round(path.steps * FRAMES_PER_SECOND / STEPS_PER_SECOND).astype(int)
    offsets = np.arange(-REACH_FRAMES, REACH_FRAMES + 1)
    pull = (happening @ WEIGHTS)[np.clip(frames[:, None] + offsets, 0, len(happening) - 1)]
    pull[:, REACH_FRAMES] += INERTIA
    return np.maximum(frames + (pull * offsets).sum(1) / pull.sum(1), 0) / FRAMES_PER_SECOND
