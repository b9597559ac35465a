"""Figures as people read them: positions in a song, shares, confidence."""

from django import template

register = template.Library()


@register.filter
def clock(milliseconds: float | None) -> str:
    """`41238` → `0:41`; an empty text for what is not known."""
    if milliseconds is None:
        return ""
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes}:{seconds:02d}"


@register.filter
def clock_exact(milliseconds: float | None) -> str:
    """`41238` → `0:41.238`."""
    if milliseconds is None:
        return ""
    minutes, rest_ms = divmod(round(milliseconds), 60_000)
    return f"{minutes}:{rest_ms // 1000:02d}.{rest_ms % 1000:03d}"


@register.filter
def percent(share: float | None) -> str:
    """`0.834` → `83 %`."""
    return "" if share is None else f"{round(share * 100)} %"
