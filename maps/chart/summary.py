"""What a page tells about a chart in figures and in a table of bars, without drawing it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean
from typing import NamedTuple

from maps.chart.components import kit_order
from maps.chart.document import Chart
from maps.chart.notes import Note


@dataclass(frozen=True)
class Summary:
    note_count: int
    notes_by_component: dict[str, int]  # in kit order
    duration_ms: int  # of the sound, or up to the last note where that is later
    mean_confidence: float | None  # 0 to 1; None where no note has one


class Hit(NamedTuple):
    beat: float  # 1 is the bar's first beat, 2.5 the "and" of two
    component: str
    velocity: float


class BarRow(NamedTuple):
    number: int
    start_ms: int
    hits: tuple[Hit, ...]


def summarise(chart: Chart) -> Summary:
    counts = Counter(note.component for note in chart.notes)
    confidences = [note.confidence for note in chart.notes if note.confidence is not None]
    last_note_ms = chart.notes[-1].time_ms if chart.notes else 0
    return Summary(
        note_count=len(chart.notes),
        notes_by_component={component: counts[component] for component in sorted(counts, key=kit_order)},
        duration_ms=round(max(chart.audio["duration"], last_note_ms)),
        mean_confidence=fmean(confidences) if confidences else None,
    )


def notes_by_bar(chart: Chart) -> Iterator[BarRow]:
    """A row for every bar that has notes, hits in the order in which they are played."""
    tempo = chart.tempo

    def bar_of(note: Note) -> tuple[int, int]:
        bar = tempo.bar_at(note.tick)
        return bar.number, bar.tick

    in_musical_order = sorted(chart.notes, key=lambda note: (note.tick, note.lane, kit_order(note.component)))
    for (number, bar_tick), notes in groupby(in_musical_order, key=bar_of):
        hits = tuple(Hit(tempo.beat_at(note.tick), note.component, note.velocity) for note in notes)
        yield BarRow(number, round(tempo.ms_at(bar_tick)), hits)
