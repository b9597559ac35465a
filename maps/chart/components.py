"""What a drummer hits: the components of a kit, the seven lanes they are drawn in, and names for how hard."""

import re
from enum import IntEnum


class Lane(IntEnum):
    KICK = 0
    HIHAT_FOOT = 1
    SNARE = 2
    HIHAT = 3
    HIGH_TOM = 4
    LOW_TOMS = 5
    CYMBALS = 6


# In the order in which a kit is listed: drums first, then what is added to them.
LANES = {
    "kick": Lane.KICK,
    "snare": Lane.SNARE,
    "hihat_closed": Lane.HIHAT,
    "hihat_open": Lane.HIHAT,
    "hihat_pedal": Lane.HIHAT_FOOT,
    "crash": Lane.CYMBALS,
    "crash2": Lane.CYMBALS,
    "ride": Lane.CYMBALS,
    "ride_bell": Lane.CYMBALS,
    "china": Lane.CYMBALS,
    "splash": Lane.CYMBALS,
    "tom_high": Lane.HIGH_TOM,
    "tom_mid": Lane.LOW_TOMS,
    "tom_low": Lane.LOW_TOMS,
    "cowbell": Lane.CYMBALS,
    "tambourine": Lane.CYMBALS,
}
COMPONENTS = tuple(LANES)
FOOT_LANES = frozenset({Lane.KICK, Lane.HIHAT_FOOT})

DEFAULT_VELOCITY = 0.8  # what a file means that gives none

_CUSTOM = re.compile(r"custom_[\w-]{1,56}", re.ASCII)


def is_component(name: str) -> bool:
    return name in LANES or _CUSTOM.fullmatch(name) is not None


def lane_of(component: str) -> Lane:
    """The lane that a component is drawn in; custom ones share the last lane with the cymbals."""
    return LANES.get(component, Lane.CYMBALS)


def kit_order(component: str) -> tuple[int, str]:
    """Sorts components as a kit is listed, custom ones last by name."""
    return (COMPONENTS.index(component) if component in LANES else len(COMPONENTS), component)


def component_label(component: str) -> str:
    """The component in words, "hi-hat open" for `hihat_open`."""
    return component.removeprefix("custom_").replace("hihat", "hi-hat").replace("_", " ")


def velocity_name(velocity: float) -> str:
    """ghost, soft, normal or accent, for a velocity of 0 to 1.

    The format names 0.3, 0.4 to 0.6, 0.7 to 0.9; what falls between two names gets the nearer one.
    """
    if velocity < 0.35:
        return "ghost"
    if velocity < 0.65:
        return "soft"
    return "normal" if velocity <= 0.9 else "accent"
