"""The notes of a chart.

A note's place is its `tick`; its `time_ms` follows from the tempo map. A file's own time is kept beside the
tick for as long as nobody moves the note, so that reading and writing changes no millisecond.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from maps.chart.components import DEFAULT_VELOCITY
from maps.chart.tempo import TempoMap

NOTHING: Mapping[str, Any] = {}  # one for all notes, never written to


class Note(NamedTuple):
    """One hit. `velocity` and `confidence` are 0 to 1, `performed_ms` is as heard, before quantising.

    `extra` holds the file's keys that this reader doesn't know. The fields stand in the order in which notes
    are sorted: ids are unique, so plain `sorted(notes)` is by time and never in doubt.
    """

    time_ms: int
    tick: int
    lane: int
    component: str
    id: str
    velocity: float = DEFAULT_VELOCITY
    duration_ms: float | None = None
    confidence: float | None = None
    performed_ms: float | None = None
    flags: tuple[str, ...] | None = None
    extra: Mapping[str, Any] = NOTHING

    def moved_to(self, tick: int, tempo: TempoMap) -> "Note":
        return self._replace(tick=tick, time_ms=round(tempo.ms_at(tick)))

    def keeps_read_time(self, tempo: TempoMap) -> bool:
        """Whether the time comes from a file and is not what the tick says."""
        return self.time_ms != round(tempo.ms_at(self.tick))
