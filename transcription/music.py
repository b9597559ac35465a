"""The words in which the stages speak to each other: hits as heard, beats, tempo, notes as written."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from transcription.units import TICKS_PER_QUARTER


@dataclass(frozen=True)
class Heard:
    """What the network hears at each frame of 10 ms. Logits, but velocities in 0..1."""

    drums: np.ndarray  # (frames, drums)
    groups: np.ndarray  # (frames, groups)
    beats: np.ndarray  # (frames, 2): beat, bar line
    velocities: np.ndarray  # (frames, groups)


@dataclass(frozen=True)
class Hit:
    """A stroke as heard, before any grid."""

    time_s: float
    drum: str
    velocity: float  # 0 to 1
    confidence: float  # probability that the stroke is real and rightly named
    flags: tuple[str, ...] = ()  # manners of playing that have no component: "rim", "flam", "drag"


@dataclass(frozen=True)
class Beats:
    """Beats in order of time, which of them begin a bar, and which last a dotted quarter (6/8): none if not told."""

    times_s: np.ndarray
    is_bar_line: np.ndarray
    is_dotted: np.ndarray | None = None

    @property
    def lengths_ticks(self) -> np.ndarray:
        is_dotted = np.zeros(len(self.times_s), bool) if self.is_dotted is None else self.is_dotted
        return np.where(is_dotted, TICKS_PER_QUARTER * 3 // 2, TICKS_PER_QUARTER)

    @property
    def ticks(self) -> np.ndarray:
        """Where the beats are written, counted from the first."""
        return np.cumsum(self.lengths_ticks) - self.lengths_ticks


@dataclass(frozen=True)
class TempoMark:
    """From `tick` (a bar line) on: `bpm` quarters a minute, whatever the bars are: six eighths of 6/8 are three."""

    tick: int
    bpm: float
    beats_per_bar: int
    beat_value: int = 4  # 4 for quarters, 8 for eighths

    @property
    def signature(self) -> str:
        return f"{self.beats_per_bar}/{self.beat_value}"

    @property
    def seconds_per_tick(self) -> float:
        return 60 / (self.bpm * TICKS_PER_QUARTER)

    @property
    def bar_ticks(self) -> int:
        return self.beats_per_bar * 4 * TICKS_PER_QUARTER // self.beat_value


@dataclass(frozen=True)
class TempoMap:
    """Marks in order of tick, the first at tick 0, which sounds at `offset_s`. Ticks before it are negative."""

    offset_s: float
    marks: tuple[TempoMark, ...]

    @property
    def starts_s(self) -> np.ndarray:
        starts = [self.offset_s]
        for mark, following in pairwise(self.marks):
            starts.append(starts[-1] + (following.tick - mark.tick) * mark.seconds_per_tick)
        return np.array(starts)

    def seconds_at(self, ticks: np.ndarray) -> np.ndarray:
        first_ticks = np.array([mark.tick for mark in self.marks])
        index = np.clip(np.searchsorted(first_ticks, ticks, side="right") - 1, 0, None)
        lengths_s = np.array([mark.seconds_per_tick for mark in self.marks])
        return self.starts_s[index] + (ticks - first_ticks[index]) * lengths_s[index]

    def ticks_at(self, seconds: np.ndarray) -> np.ndarray:
        """Fractional ticks."""
        index = np.clip(np.searchsorted(self.starts_s, seconds, side="right") - 1, 0, None)
        first_ticks = np.array([mark.tick for mark in self.marks])
        lengths_s = np.array([mark.seconds_per_tick for mark in self.marks])
        return first_ticks[index] + (seconds - self.starts_s[index]) / lengths_s[index]


@dataclass(frozen=True)
class Note:
    """A hit on the grid. `performed_s` is where it was heard."""

    tick: int
    drum: str
    velocity: float
    confidence: float | None
    performed_s: float
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of the song that begins at `tick`, a bar line, and lasts until the next one."""

    tick: int
    label: str
