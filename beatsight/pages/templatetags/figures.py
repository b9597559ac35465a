"""Figures and codes as people read them: positions in a song, shares, beats of a bar, where a name comes from."""

from collections.abc import Iterable
from typing import NamedTuple

from django import template

from maps.chart.components import component_label, kit_order
from maps.chart.summary import Hit

register = template.Library()

SOURCES = {
    "catalogue": "known here",
    "recordings": "known here",
    "acoustid": "AcoustID",
    "tags": "from the file's tags",
    "filename": "from the file's name",
}
# How the page marks a job's stage.
STEP_STATES = {
    "done": "done",
    "complete": "done",
    "active": "active",
    "processing": "active",
    "failed": "failed",
    "skipped": "skipped",
}


class Drum(NamedTuple):
    label: str
    beats: list[str]


@register.filter
def clock(milliseconds: float | None) -> str:
    """`41238` → `0:41`; an empty text for what is not known."""
    if milliseconds is None:
        return ""
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes}:{seconds:02d}"


@register.filter
def clock_exact(milliseconds: float) -> str:
    """`41238` → `0:41.238`."""
    minutes, rest_ms = divmod(round(milliseconds), 60_000)
    return f"{minutes}:{rest_ms // 1000:02d}.{rest_ms % 1000:03d}"


@register.filter
def percent(share: float | None) -> str:
    """`0.834` → `83 %`."""
    return "" if share is None else f"{round(share * 100)} %"


@register.filter
def unlocalised(number: float | None) -> str:
    """A number as HTML attributes want it, with a point in every language."""
    return f"{number or 0:.4g}"


@register.filter
def step_state(stage_state: str) -> str:
    return STEP_STATES.get(stage_state, "waiting")


@register.filter
def source_label(source: str) -> str:
    """Where a candidate's title was found, in words."""
    return SOURCES.get(source, source)


@register.filter
def by_drum(hits: Iterable[Hit]) -> list[Drum]:
    """A bar's hits as one entry a drum, in kit order, beats to the hundredth."""
    beats: dict[str, list[str]] = {}
    for hit in hits:
        beats.setdefault(hit.component, []).append(f"{hit.beat:.2f}".rstrip("0").rstrip("."))
    return [Drum(component_label(drum).capitalize(), beats[drum]) for drum in sorted(beats, key=kit_order)]
