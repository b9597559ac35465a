"""From hits in seconds to notes in ticks: each beat gets the grid that explains its strokes best.

The strokes themselves decide whether a beat is straight or in triplets; a stroke that fits neither goes to the
nearest twelfth of the beat.
"""

from collections import defaultdict

import numpy as np

from transcription.music import Hit, Note, TempoMap
from transcription.units import TICKS_PER_QUARTER

LOOSENESS_S = 0.014  # usual distance of a played stroke from the grid
FAR_S = 0.045  # beyond this a stroke's distance says nothing more against a grid
# Divisions of a quarter and what choosing each costs, in squared loosenesses: the simple before the busy.
DIVISIONS = ((4, 0.0), (3, 2.5), (6, 6.0), (8, 7.0), (12, 10.0))
COLLISION_COST = 12.0  # two strokes of one drum on one tick


def quantise(hits: list[Hit], tempo: TempoMap) -> list[Note]:
    """Notes in order of tick, never two of one drum on one tick (the surer one stays)."""
    by_beat: dict[int, list[tuple[Hit, float]]] = defaultdict(list)
    ticks = tempo.ticks_at(np.array([hit.time_s for hit in hits])) if hits else np.empty(0)
    for hit, tick in zip(hits, ticks, strict=True):
        # A stroke just before the beat belongs to it.
        by_beat[int((tick + TICKS_PER_QUARTER / 24) // TICKS_PER_QUARTER)].append((hit, float(tick)))
    notes: dict[tuple[int, str], Note] = {}
    for beat, played in sorted(by_beat.items()):
        seconds_per_tick = _seconds_per_tick(tempo, beat)
        grid = _grid_of(played, seconds_per_tick)
        for hit, tick in played:
            snapped = _snap(tick, grid)
            if abs(snapped - tick) * seconds_per_tick > 2 * LOOSENESS_S:
                snapped = _snap(tick, DIVISIONS[-1][0])
            note = Note(snapped, hit.drum, hit.velocity, hit.confidence, hit.time_s)
            other = notes.get((snapped, hit.drum))
            if other is None or (other.confidence or 0) < hit.confidence:
                notes[snapped, hit.drum] = note
    kept = [note for note in notes.values() if tempo.seconds_at(np.array([note.tick]))[0] >= 0]
    return sorted(kept, key=lambda note: (note.tick, note.drum))


def _seconds_per_tick(tempo: TempoMap, beat: int) -> float:
    edges = tempo.seconds_at(np.array([beat, beat + 1]) * TICKS_PER_QUARTER)
    return float(edges[1] - edges[0]) / TICKS_PER_QUARTER


def _grid_of(played: list[tuple[Hit, float]], seconds_per_tick: float) -> int:
    """The division of this beat that explains its strokes at the least cost."""
    best, least = DIVISIONS[0][0], np.inf
    for division, cost in DIVISIONS:
        taken = set()
        for hit, tick in played:
            snapped = _snap(tick, division)
            distance_s = min(abs(snapped - tick) * seconds_per_tick, FAR_S)
            cost += (distance_s / LOOSENESS_S) ** 2 + (COLLISION_COST if (snapped, hit.drum) in taken else 0)
            taken.add((snapped, hit.drum))
        if cost < least:
            best, least = division, cost
    return best


def _snap(tick: float, division: int) -> int:
    step = TICKS_PER_QUARTER // division
    return round(tick / step) * step
