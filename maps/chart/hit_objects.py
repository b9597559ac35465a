"""The `hitObjects` of a file: read into notes, and written from them."""

from collections.abc import Mapping
from typing import Any

from maps.chart.columns import Rows, names, numbers, text_lists, unique_names, wholes
from maps.chart.components import DEFAULT_VELOCITY, Lane, is_component, lane_of
from maps.chart.fields import fresh_id, refuse
from maps.chart.limits import FARTHEST_TICK, LONGEST_ID, LONGEST_MS, MOST_FLAGS
from maps.chart.notes import NOTHING, Note
from maps.chart.tempo import AGREE_MS, TempoMap

_AT = "/hitObjects"
_KNOWN = frozenset(
    ("id", "time", "tick", "component", "velocity", "lane", "duration", "confidence", "performed", "flags")
)


def read_notes(rows: Rows, tempo: TempoMap) -> tuple[Note, ...]:
    """Sorted notes. One without an id gets one from its time and component, the same at every reading."""
    times_ms = wholes(rows, "time", _AT, 0, LONGEST_MS)
    components = _components(rows)
    notes = map(
        Note,
        times_ms,
        _ticks(rows, times_ms, tempo),
        _lanes(rows, components),
        components,
        _ids(rows, times_ms, components),
        _velocities(rows),
        numbers(rows, "duration", _AT, 0, LONGEST_MS, is_optional=True),
        numbers(rows, "confidence", _AT, 0, 1, is_optional=True),
        numbers(rows, "performed", _AT, -LONGEST_MS, LONGEST_MS, is_optional=True),
        _flags(rows),
        [_unknown(row) for row in rows],
    )
    return tuple(sorted(notes))


def note_as_object(note: Note) -> dict[str, Any]:
    """The note as it is in a chart: without its id, and without the time, which its tick says."""
    row: dict[str, Any] = {
        **note.extra,
        "tick": note.tick,
        "component": note.component,
        "velocity": note.velocity,
        "lane": int(note.lane),
    }
    if note.duration_ms is not None:
        row["duration"] = note.duration_ms
    if note.confidence is not None:
        row["confidence"] = note.confidence
    if note.performed_ms is not None:
        row["performed"] = note.performed_ms
    if note.flags is not None:
        row["flags"] = list(note.flags)
    return row


def hit_object(note: Note) -> dict[str, Any]:
    row = note_as_object(note)
    row["id"] = note.id
    row["time"] = note.time_ms
    return row


def _unknown(row: dict[str, Any]) -> Mapping[str, Any]:
    return NOTHING if row.keys() <= _KNOWN else {key: row[key] for key in row if key not in _KNOWN}


def _components(rows: Rows) -> list[str]:
    components = names(rows, "component", _AT, LONGEST_ID)
    if unknown := {component for component in set(components) if not is_component(component)}:
        index = next(index for index, component in enumerate(components) if component in unknown)
        wanted = "a known component, or custom_ and a name of letters, digits, _ and -"
        raise refuse(rows[index], "component", f"{_AT}/{index}", wanted)
    return components


def _ticks(rows: Rows, times_ms: list[int], tempo: TempoMap) -> list[int]:
    """A tick that contradicts its note's time goes: the time is what every reader knows and plays."""
    ticks = wholes(rows, "tick", _AT, -FARTHEST_TICK, FARTHEST_TICK, is_optional=True)
    return [
        tick if tick is not None and abs(tempo.ms_at(tick) - ms) <= AGREE_MS else tempo.tick_at(ms)
        for tick, ms in zip(ticks, times_ms, strict=True)
    ]


def _lanes(rows: Rows, components: list[str]) -> list[int]:
    lanes = wholes(rows, "lane", _AT, 0, Lane.CYMBALS, is_optional=True)
    pairs = zip(lanes, components, strict=True)
    return [lane_of(component) if lane is None else lane for lane, component in pairs]


def _velocities(rows: Rows) -> list[float]:
    velocities = numbers(rows, "velocity", _AT, 0, 1, is_optional=True)
    return [DEFAULT_VELOCITY if velocity is None else velocity for velocity in velocities]


def _ids(rows: Rows, times_ms: list[int], components: list[str]) -> list[str]:
    ids = unique_names(rows, "id", _AT, LONGEST_ID)
    taken = dict.fromkeys(ids, 1)
    return [
        note_id or fresh_id(f"{ms}-{component}", taken)
        for note_id, ms, component in zip(ids, times_ms, components, strict=True)
    ]


def _flags(rows: Rows) -> list[tuple[str, ...] | None]:
    lists = text_lists(rows, "flags", _AT, MOST_FLAGS, LONGEST_ID)
    return [None if flags is None else tuple(flags) for flags in lists]
