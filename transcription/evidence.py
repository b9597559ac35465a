"""What in a song speaks of its beats, stream by stream: the network's own beats, and the strokes of the kit."""

from dataclasses import replace

import numpy as np

from transcription.judging import probability
from transcription.music import Heard
from transcription.patterns import STREAMS
from transcription.units import DRUMS, GROUPS

FAINT = 0.15  # what is likelier may be an event
REACH_FRAMES = 3  # two events of a stream are at least 30 ms apart
LOOSENESS_FRAMES = 1.8  # how far from the grid strokes fall, 18 ms
BOLDEST = 3.0  # nats; beyond that a network hears no bar lines at all
SOFTEST = 0.3  # weight of a ghost note against an accent


def events(heard: Heard) -> np.ndarray:
    """(frames, streams): at every event how sure and loud it is, elsewhere 0."""
    groups = probability(heard.groups) * (SOFTEST + (1 - SOFTEST) * heard.velocities)
    of = {name: _peaks(groups[:, GROUPS.index(name)]) for name in ("kick", "snare", "hihat", "tom", "cymbal")}
    is_crash = heard.drums[:, DRUMS.index("crash")] > heard.drums[:, DRUMS.index("ride")]
    of |= {
        "beat": _peaks(probability(heard.beats[:, 0])),
        "bar line": _peaks(probability(heard.beats[:, 1])),
        "time": np.maximum(of["hihat"], of["cymbal"]),
        "crash": of["cymbal"] * is_crash,
    }
    return np.stack([of[name] for name in STREAMS], 1).astype(np.float32)


def blurred(sharp: np.ndarray) -> np.ndarray:
    """Events with the time around them in which they still belong to a beat."""
    offsets = np.arange(-2 * REACH_FRAMES, 2 * REACH_FRAMES + 1)
    kernel = np.exp(-0.5 * (offsets / LOOSENESS_FRAMES) ** 2)
    return np.stack([np.convolve(stream, kernel, "same") for stream in sharp.T], 1).astype(np.float32)


def with_bolder_lines(heard: Heard, bars: int) -> Heard:
    """The same, but of so many bars at least half have a line that is as likely as not."""
    lines = heard.beats[:, 1]
    peaks = np.sort(lines[_is_highest(lines)])[::-1]
    least = peaks[min(bars // 2, len(peaks) - 1)]
    return replace(heard, beats=heard.beats + np.array([0, np.clip(-least, 0, BOLDEST)]))


def _peaks(likely: np.ndarray) -> np.ndarray:
    return np.where(_is_highest(likely) & (likely > FAINT), likely, 0)


def _is_highest(values: np.ndarray) -> np.ndarray:
    padded = np.pad(values, REACH_FRAMES, constant_values=-np.inf)
    return values >= np.lib.stride_tricks.sliding_window_view(padded, 2 * REACH_FRAMES + 1).max(1)
