"""Flams and drags: strokes that belong to another one and have no place of their own on the grid.

A flam is one soft stroke just before the main one, a drag two. What comes faster and longer is a roll, whose strokes
are notes of their own.
"""

from dataclasses import dataclass

import numpy as np

GRACE_S = (
    0.045  # a grace note is at most this far from the next stroke; thirty-seconds come so close at 170 bpm
)
APART = 1.8  # nothing else of the drum within this many times that distance: so dense is a roll
LOUDER = 1.25  # a grace note is no louder than this against its main stroke
FLAGS = {1: "flam", 2: "drag"}  # by the number of grace notes


@dataclass(frozen=True)
class Grace:
    """The stroke at index `stroke` leads to that at `main`; `flag` is what drummers call it."""

    stroke: int
    main: int
    flag: str


def find_graces(times_s: np.ndarray, velocities: np.ndarray) -> list[Grace]:
    """The grace notes among the strokes of one drum, which are given in order of time."""
    gaps_s = np.diff(times_s, prepend=-np.inf, append=np.inf)
    is_close = gaps_s <= GRACE_S
    graces = []
    for first in np.flatnonzero(is_close[1:] & ~is_close[:-1]):
        main = int(first + 1)
        while is_close[main + 1]:
            main += 1
        widest_s = gaps_s[first + 1 : main + 1].max()
        is_apart = min(gaps_s[first], gaps_s[main + 1]) >= APART * widest_s
        is_soft = velocities[first:main].max() <= LOUDER * velocities[main]
        if is_apart and is_soft and (flag := FLAGS.get(main - int(first))):
            graces += [Grace(stroke, main, flag) for stroke in range(int(first), main)]
    return graces
