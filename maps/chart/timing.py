"""The `timing` of a file: read into a tempo map, and written from one.

Version 1.0 places its timing points in ms. Each gets the tick nearest to it, counted from where the mark
before it really lies, so that rounding never adds up. What a timing point's `tick` says goes before its time.
"""

import re
from dataclasses import replace
from typing import Any

from maps.chart.columns import unique_names
from maps.chart.fields import fresh_id, has, number, refuse, rows, section, text, whole
from maps.chart.limits import (
    FARTHEST_TICK,
    FASTEST_BPM,
    LONGEST_ID,
    LONGEST_MS,
    MOST_MARKS,
    SLOWEST_BPM,
)
from maps.chart.tempo import AGREE_MS, TempoMap, TempoMark, TimeSignature

_POINTS_AT = "/timing/timingPoints"
_SIGNATURE = re.compile(r"([1-9]\d?)/(1|2|4|8|16|32|64)", re.ASCII)
_WRITTEN_FROM_TEMPO = frozenset(("offset", "timeSignature", "timingPoints"))
_KNOWN = frozenset(("id", "time", "tick", "bpm", "timeSignature"))


def read_timing(raw: dict[str, Any]) -> tuple[TempoMap, dict[str, Any]]:
    """The tempo map, and what else `timing` holds (its headline `bpm`, unknown keys)."""
    timing = section(raw, "timing")
    offset_ms = number(timing, "offset", "/timing", -LONGEST_MS, LONGEST_MS)
    first = TempoMark(0, _bpm(timing, "/timing"), _signature(timing, "/timing"))
    points = rows(timing, "timingPoints", "/timing", MOST_MARKS) if has(timing, "timingPoints") else []
    marks = _read_marks(points)
    if all(has(point, "tick") for point in points):
        marks.sort(key=lambda mark: mark.tick)
    else:
        marks.sort(key=lambda mark: mark.read_ms or 0)
        marks = _placed_by_time(marks, first, offset_ms)
    if not marks or marks[0].tick > 0:
        marks.insert(0, first)
    rest = {key: value for key, value in timing.items() if key not in _WRITTEN_FROM_TEMPO}
    return TempoMap(_settled(marks, offset_ms), offset_ms), rest


def timing_section(tempo: TempoMap, rest: dict[str, Any]) -> dict[str, Any]:
    return {
        **rest,
        "offset": tempo.offset_ms,
        "timeSignature": str(tempo.mark_at(0).signature),
        "timingPoints": [
            {**mark_as_object(mark), "id": mark.id, "time": _time_ms(mark, tempo)} for mark in tempo.marks
        ],
    }


def mark_as_object(mark: TempoMark) -> dict[str, Any]:
    return {**mark.extra, "tick": mark.tick, "bpm": mark.bpm, "timeSignature": str(mark.signature)}


def _bpm(raw: dict[str, Any], at: str) -> float:
    return number(raw, "bpm", at, SLOWEST_BPM, FASTEST_BPM)


def _signature(raw: dict[str, Any], at: str) -> TimeSignature:
    found = _SIGNATURE.fullmatch(text(raw, "timeSignature", at, 5))
    if not found:
        raise refuse(raw, "timeSignature", at, "a time signature such as 4/4")
    return TimeSignature(int(found[1]), int(found[2]))


def _read_marks(points: list[dict[str, Any]]) -> list[TempoMark]:
    ids = unique_names(points, "id", _POINTS_AT, LONGEST_ID)
    return [
        _read_mark(point, mark_id or "", f"{_POINTS_AT}/{index}")
        for index, (point, mark_id) in enumerate(zip(points, ids, strict=True))
    ]


def _read_mark(point: dict[str, Any], mark_id: str, at: str) -> TempoMark:
    return TempoMark(
        whole(point, "tick", at, 0, FARTHEST_TICK) if has(point, "tick") else 0,
        _bpm(point, at),
        _signature(point, at),
        mark_id,
        number(point, "time", at, -LONGEST_MS, LONGEST_MS),
        {key: value for key, value in point.items() if key not in _KNOWN},
    )


def _placed_by_time(marks: list[TempoMark], first: TempoMark, offset_ms: float) -> list[TempoMark]:
    placed: list[TempoMark] = []
    before, before_ms = first, offset_ms
    for mark in marks:
        tick = before.tick + max(before.ticks_of((mark.read_ms or 0) - before_ms), 0)
        before_ms += before.ms_of(tick - before.tick)
        before = replace(mark, tick=tick)
        placed.append(before)
    return placed


def _settled(marks: list[TempoMark], offset_ms: float) -> tuple[TempoMark, ...]:
    """Every mark with an id, and with its read time only where that says more than the tick does."""
    tempo = TempoMap(tuple(marks), offset_ms)
    taken = dict.fromkeys((mark.id for mark in marks), 1)
    return tuple(
        replace(
            mark,
            id=mark.id or fresh_id(f"tempo-{mark.tick}", taken),
            read_ms=mark.read_ms if _says_more(mark, tempo.ms_at(mark.tick)) else None,
        )
        for mark in marks
    )


def _says_more(mark: TempoMark, tick_ms: float) -> bool:
    """Whether the read time is worth keeping. A first mark may say "from 0 on", long before tick 0."""
    if mark.read_ms is None or mark.read_ms == round(tick_ms):
        return False
    return abs(mark.read_ms - tick_ms) <= AGREE_MS or (mark.tick == 0 and mark.read_ms < tick_ms)


def _time_ms(mark: TempoMark, tempo: TempoMap) -> float:
    return mark.read_ms if mark.read_ms is not None else round(tempo.ms_at(mark.tick))
