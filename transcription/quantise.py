"""From hits in seconds to notes in ticks.

Each beat's feel says where its strokes are written. A stroke that would be moved too far by that goes to the nearest
thirty-second or forty-eighth, and where that is too far as well stays where it was heard: a grid that is wrong
must not make a map that is wrong to the ear. No stroke is lost: where two of one drum would meet, the nearer one
has the place; grace notes keep their distance from the stroke they lead to.
"""

from collections import defaultdict
from dataclasses import replace

import numpy as np

from transcription.feels import Strokes, written_ticks
from transcription.music import Hit, Note, TempoMap
from transcription.ornaments import find_graces
from transcription.units import TICKS_PER_QUARTER

FARTHEST_S = 0.04  # no stroke is moved further; from 50 ms on a listener hears another rhythm
ONE_STROKE_S = 0.01  # nobody strikes one drum twice within this: it is one stroke heard twice
FINE_TICKS = (TICKS_PER_QUARTER // 8, TICKS_PER_QUARTER // 12)
# What is one thing to a stick: of these, two strokes can't be at one time.
SURFACES = {"hihat_closed": "hihat", "hihat_open": "hihat", "ride_bell": "ride"}


def quantise(hits: list[Hit], tempo: TempoMap) -> list[Note]:
    """Notes in order of tick, of one drum never two on one tick, none before the song's first sample."""
    strokes = _single_strokes(hits)
    if not strokes:
        return []
    heard_s = np.array([stroke.time_s for stroke in strokes])
    heard = tempo.ticks_at(heard_s)
    by_surface = _by_surface(strokes)
    main_of: dict[int, int] = {}
    for indices in by_surface:
        velocities = np.array([strokes[index].velocity for index in indices])
        for grace in find_graces(heard_s[indices], velocities):
            stroke, main = int(indices[grace.stroke]), int(indices[grace.main])
            main_of[stroke] = main
            strokes[stroke] = replace(strokes[stroke], flags=(*strokes[stroke].flags, grace.flag))
    on_grid = np.setdiff1d(np.arange(len(strokes)), list(main_of))
    ticks = np.rint(heard).astype(np.int64)
    ticks[on_grid] = _grid_ticks([strokes[index] for index in on_grid], heard[on_grid], tempo)
    for stroke, main in main_of.items():
        ticks[stroke] = ticks[main] - max(1, round(heard[main] - heard[stroke]))
    first_tick = int(np.ceil(tempo.ticks_at(np.zeros(1))[0]))
    for indices in by_surface:
        ticks[indices] = _one_after_another(ticks[indices], heard[indices], first_tick)
    notes = [
        Note(int(tick), stroke.drum, stroke.velocity, stroke.confidence, stroke.time_s, stroke.flags)
        for tick, stroke in zip(ticks, strokes, strict=True)
    ]
    return sorted(notes, key=lambda note: (note.tick, note.drum))


def _single_strokes(hits: list[Hit]) -> list[Hit]:
    """In order of time; of what is one stroke heard twice, the surer."""
    kept: list[Hit] = []
    last: dict[str, int] = {}
    for hit in sorted(hits, key=lambda hit: (hit.time_s, hit.drum)):
        before = last.get(_surface(hit))
        if before is None or hit.time_s - kept[before].time_s >= ONE_STROKE_S:
            last[_surface(hit)] = len(kept)
            kept.append(hit)
        elif hit.confidence > kept[before].confidence:
            kept[before] = replace(hit, time_s=kept[before].time_s)
    return kept


def _surface(hit: Hit) -> str:
    return SURFACES.get(hit.drum, hit.drum)


def _by_surface(strokes: list[Hit]) -> list[np.ndarray]:
    """The indices of the strokes on each surface, in order of time."""
    found: dict[str, list[int]] = defaultdict(list)
    for index, stroke in enumerate(strokes):
        found[_surface(stroke)].append(index)
    return [np.array(indices) for indices in found.values()]


def _grid_ticks(strokes: list[Hit], heard: np.ndarray, tempo: TempoMap) -> np.ndarray:
    """The tick of each stroke's place in its beat, or one nearer to it where that is too far away."""
    beat_starts, is_first_beat, tick_s = _beats(heard, tempo)
    names = {name: number for number, name in enumerate({_surface(stroke): None for stroke in strokes})}
    written = beat_starts + written_ticks(
        Strokes(
            beats=beat_starts,
            phases=(heard - beat_starts) / TICKS_PER_QUARTER,
            beat_s=tick_s * TICKS_PER_QUARTER,
            drums=np.array([names[_surface(stroke)] for stroke in strokes]),
            weights=np.array([stroke.confidence for stroke in strokes]),
            is_first_beat=is_first_beat,
        )
    )
    finer = [beat_starts + np.rint((heard - beat_starts) / step) * step for step in FINE_TICKS]
    fine = np.where(np.abs(finer[0] - heard) <= np.abs(finer[1] - heard), finer[0], finer[1])
    for places in (fine, np.rint(heard)):
        written = np.where(np.abs(written - heard) * tick_s <= FARTHEST_S, written, places)
    return written.astype(np.int64)


def _beats(ticks: np.ndarray, tempo: TempoMap) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each tick: the tick at which its quarter begins, whether a bar begins there, and seconds a tick.

    Quarters are counted from the bar line, so that the last one of a bar of seven eighths is a short one.
    """
    firsts = np.array([mark.tick for mark in tempo.marks])
    index = np.clip(np.searchsorted(firsts, ticks, side="right") - 1, 0, None)
    bar_ticks = np.array([mark.bar_ticks for mark in tempo.marks])[index]
    in_bar = (ticks - firsts[index]) % bar_ticks
    in_quarter = in_bar % TICKS_PER_QUARTER
    starts = np.rint(ticks - in_quarter).astype(np.int64)
    tick_s = np.array([mark.seconds_per_tick for mark in tempo.marks])[index]
    return starts, in_bar < TICKS_PER_QUARTER, tick_s


def _one_after_another(ticks: np.ndarray, heard: np.ndarray, first_tick: int) -> np.ndarray:
    """Ticks of one surface in the order in which it was struck: of two that meet, the one moved further goes back."""
    ticks, back = ticks.copy(), np.rint(heard).astype(np.int64)
    moved = np.abs(ticks - heard)
    while len(meeting := np.flatnonzero(np.diff(ticks) <= 0)):
        further = np.where(moved[meeting] > moved[meeting + 1], meeting, meeting + 1)
        if (ticks[further] == back[further]).all():
            break
        ticks[further], moved[further] = back[further], 0
    steps = np.arange(len(ticks))
    return np.maximum.accumulate(np.maximum(ticks, first_tick) - steps) + steps
