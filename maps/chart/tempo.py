"""Musical time and clock time: where a tick lies in the sound, and which bar and beat it is.

A tempo map is a list of marks at ticks, 960 a quarter note; tick 0 is the first beat of bar 1 and lies
`offset_ms` into the sound. Ticks before it are negative (a pick-up) and go at the first mark's tempo.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

TICKS_PER_QUARTER = 960
TICKS_PER_WHOLE = 4 * TICKS_PER_QUARTER
TICK_MS_AT_ONE_BPM = 60_000 / TICKS_PER_QUARTER  # 62.5, exact in binary: whole times stay whole

# A writer may have rounded its bpm, so the tick and the time that a file gives one thing may differ a little,
# and both are kept. What differs by more than an ear forgives is a contradiction.
AGREE_MS = 20


class TimeSignature(NamedTuple):
    beats: int = 4
    unit: int = 4  # 4: a beat is a quarter note

    @property
    def beat_ticks(self) -> int:
        return TICKS_PER_WHOLE // self.unit

    @property
    def bar_ticks(self) -> int:
        return self.beats * self.beat_ticks

    def __str__(self) -> str:
        return f"{self.beats}/{self.unit}"


@dataclass(frozen=True)
class TempoMark:
    """From `tick` on: `bpm` quarter notes a minute, bars of `signature`.

    `read_ms` is the time that a file gave it, kept for writing where the tick can't say it to the
    millisecond; `extra` holds the file's keys that this reader doesn't know.
    """

    tick: int
    bpm: float
    signature: TimeSignature = TimeSignature()
    id: str = ""
    read_ms: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def ms_of(self, ticks: int) -> float:
        """How long so many ticks last at this tempo."""
        return ticks * TICK_MS_AT_ONE_BPM / self.bpm

    def ticks_of(self, ms: float) -> int:
        return round(ms * self.bpm / TICK_MS_AT_ONE_BPM)


class Bar(NamedTuple):
    number: int  # the first is 1; a pick-up before tick 0 is in bar 0
    tick: int
    signature: TimeSignature


@dataclass(frozen=True)
class TempoMap:
    """Marks in order of tick, the first at tick 0; of two at one tick the later one holds."""

    marks: tuple[TempoMark, ...]
    offset_ms: float = 0

    def __post_init__(self) -> None:
        if not self.marks or self.marks[0].tick != 0:
            raise ValueError("A tempo map starts with a mark at tick 0.")
        if any(later.tick < earlier.tick for earlier, later in pairwise(self.marks)):
            raise ValueError("The marks of a tempo map stand in order of tick.")

    @cached_property
    def _ticks(self) -> list[int]:
        return [mark.tick for mark in self.marks]

    @cached_property
    def _starts_ms(self) -> list[float]:
        starts = [float(self.offset_ms)]
        for earlier, later in pairwise(self.marks):
            starts.append(starts[-1] + earlier.ms_of(later.tick - earlier.tick))
        return starts

    def ms_at(self, tick: int) -> float:
        """When a tick sounds, in ms from the start of the sound."""
        index = max(bisect_right(self._ticks, tick) - 1, 0)
        mark = self.marks[index]
        return self._starts_ms[index] + mark.ms_of(tick - mark.tick)

    def tick_at(self, ms: float) -> int:
        """The tick nearest to a time; `tick_at(ms_at(tick)) == tick` for every tick."""
        index = max(bisect_right(self._starts_ms, ms) - 1, 0)
        mark = self.marks[index]
        return mark.tick + mark.ticks_of(ms - self._starts_ms[index])

    def mark_at(self, tick: int) -> TempoMark:
        return self.marks[max(bisect_right(self._ticks, tick) - 1, 0)]

    @cached_property
    def _first_bars(self) -> list[Bar]:
        """The bar that each change of time signature begins; a bar that it cuts short counts as one."""
        firsts = [Bar(1, 0, self.mark_at(0).signature)]
        for mark in self.marks:
            last = firsts[-1]
            if mark.tick > 0 and (signature := self.mark_at(mark.tick).signature) != last.signature:
                bars_between = -((last.tick - mark.tick) // last.signature.bar_ticks)
                firsts.append(Bar(last.number + bars_between, mark.tick, signature))
        return firsts

    @cached_property
    def _first_bar_ticks(self) -> list[int]:
        return [bar.tick for bar in self._first_bars]

    def bar_at(self, tick: int) -> Bar:
        first = self._first_bars[max(bisect_right(self._first_bar_ticks, tick) - 1, 0)]
        bars_since = (tick - first.tick) // first.signature.bar_ticks
        tick_of_bar = first.tick + bars_since * first.signature.bar_ticks
        return Bar(first.number + bars_since, tick_of_bar, first.signature)

    def beat_at(self, tick: int) -> float:
        """The place in the bar as drummers count: 1 is the bar's first beat, 2.5 the "and" of two."""
        bar = self.bar_at(tick)
        return 1 + (tick - bar.tick) / bar.signature.beat_ticks

    def bars(self, from_tick: int, until_tick: int) -> Iterator[Bar]:
        """Every bar that holds a tick of `from_tick` up to and without `until_tick`."""
        bar = self.bar_at(from_tick)
        while bar.tick < until_tick:
            yield bar
            bar = self.bar_at(self.end_of(bar))

    def end_of(self, bar: Bar) -> int:
        """The tick at which the next bar begins."""
        full = bar.tick + bar.signature.bar_ticks
        later = bisect_right(self._first_bar_ticks, bar.tick)
        return min(full, self._first_bar_ticks[later]) if later < len(self._first_bar_ticks) else full
