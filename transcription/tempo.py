"""From beats to a tempo map with as few marks as the beats allow: a song played to a click has one.

Straight lines are laid through the beats from bar line to bar line, each as far as the beats stay on it. Then
the strokes have their say: they move the grid onto themselves, and where they allow it one tempo is taken for
the whole song.
"""

from dataclasses import replace

import numpy as np

from transcription.music import Beats, Hit, TempoMap, TempoMark
from transcription.units import TICKS_PER_QUARTER

STEADY_S = 0.022  # beats further off a straight line than this end it
NOT_STEADY_SHARE = 0.08  # of the beats may be badly heard
WHOLE_BPM_DRIFT_S = 0.012  # a whole number of bpm is believed if the last beat moves by no more
STEADY_SHARE = 0.5  # of a song at one tempo: the rest is looked at again
BARS_MEANT = 8  # so many bars that lie elsewhere at the same tempo are no mishearing
SAME_TEMPO = 0.005
FEW_STROKES, NO_LOOSER_S = 8, 0.003
LATENESS_REACH_S = 0.03  # a stroke further off is not meant to be on the beat


def tempo_map(beats: Beats) -> TempoMap:
    """Marks at bar lines; tick 0 is the first bar line."""
    lines = np.flatnonzero(beats.is_bar_line)
    lines = lines if len(lines) else np.array([0])
    ticks = beats.ticks - beats.ticks[lines[0]]
    meters = _meters(beats, lines)
    changes = _changes(beats.times_s, ticks, lines, meters)
    starts_s, lengths_s = [], []
    for start, end in zip(changes, [*changes[1:], None], strict=True):
        stretch = slice(lines[start], None if end is None else lines[end] + 1)
        length_s, start_s = _line(beats.times_s[stretch], ticks[stretch] - ticks[lines[start]])
        starts_s.append(start_s)
        lengths_s.append(length_s)
    starts_s[0] = max(0.0, starts_s[0])
    marks = []
    for number, start in enumerate(changes):
        tick = int(ticks[lines[start]])
        if number + 1 < len(changes):
            lengths_s[number] = (starts_s[number + 1] - starts_s[number]) / (
                ticks[lines[changes[number + 1]]] - tick
            )
        bpm = 60 / (lengths_s[number] * TICKS_PER_QUARTER)
        quarters = round((ticks[-1] - tick) / TICKS_PER_QUARTER) if len(changes) == 1 else 0
        marks.append(TempoMark(tick, _believable_bpm(bpm, quarters), *meters[start]))
    return TempoMap(starts_s[0], tuple(marks))


def _meters(beats: Beats, lines: np.ndarray) -> list[tuple[int, int]]:
    """Beats and beat value of every bar; the last, which the song cuts short, is like the one before it."""
    is_dotted = beats.lengths_ticks > TICKS_PER_QUARTER
    lengths = np.diff(lines)
    lengths = np.append(lengths, lengths[-1] if len(lengths) else 2 if is_dotted[lines[0]] else 4)
    return [(3 * int(n), 8) if is_dotted[at] else (int(n), 4) for at, n in zip(lines, lengths, strict=True)]


def _changes(
    times_s: np.ndarray, ticks: np.ndarray, lines: np.ndarray, meters: list[tuple[int, int]]
) -> list[int]:
    """The bars at which a new mark is needed: a new tempo or a new meter."""
    changes, bar = [0], 0
    while True:
        reach = _steady_until(times_s, ticks, lines, bar)
        same = bar + 1
        while same < reach and meters[same] == meters[bar]:
            same += 1
        if same >= len(lines):
            return changes
        changes.append(same)
        bar = same


def _steady_until(times_s: np.ndarray, ticks: np.ndarray, lines: np.ndarray, bar: int) -> int:
    """The last bar (exclusive) that one straight line of beats reaches from `bar`."""

    def is_steady(end: int) -> bool:
        stretch = slice(lines[bar], lines[end] + 1 if end < len(lines) else None)
        seconds, at = times_s[stretch], ticks[stretch]
        if len(seconds) < 3:
            return True
        length_s, start_s = _line(seconds, at - at[0])
        distance = np.abs(seconds - start_s - length_s * (at - at[0]))
        return float((distance > STEADY_S).mean()) <= NOT_STEADY_SHARE

    if is_steady(len(lines)):
        return len(lines)
    steady, broken = bar + 1, len(lines)
    while broken - steady > 1:
        middle = (steady + broken) // 2
        steady, broken = (middle, broken) if is_steady(middle) else (steady, middle)
    return steady


def _line(times_s: np.ndarray, ticks: np.ndarray) -> tuple[float, float]:
    """Seconds a tick and the first beat's time, fitted again without the beats that fit badly."""
    if len(times_s) < 2:
        return 0.5 / TICKS_PER_QUARTER, float(times_s[0])
    slope, intercept = np.polyfit(ticks, times_s, 1)
    is_close = np.abs(times_s - intercept - slope * ticks) <= STEADY_S
    if is_close.sum() >= max(3, len(times_s) // 2):
        slope, intercept = np.polyfit(ticks[is_close], times_s[is_close], 1)
    return float(slope), float(intercept)


def _believable_bpm(bpm: float, quarters: int) -> float:
    """A whole number where the end of a song of so many quarters hardly moves by it (0: as it is)."""
    whole = round(bpm)
    moves_s = quarters * abs(60 / whole - 60 / bpm) / 2  # the fit is right in the middle of the song
    return float(whole) if quarters and moves_s < WHOLE_BPM_DRIFT_S else round(bpm, 5)


def steady_throughout(tempo: TempoMap, hits: list[Hit], duration_s: float) -> TempoMap:
    """One tempo for the whole song, where most of it has one and the strokes elsewhere fit that as well.

    In an intro without drums a beat tracker gropes, but a band that plays to a click starts on it.
    """
    starts_s = [*tempo.starts_s, duration_s]
    lasting_s = np.diff(starts_s)
    longest = int(lasting_s.argmax())
    mark = tempo.marks[longest]
    is_alike = [abs(other.bpm / mark.bpm - 1) < SAME_TEMPO for other in tempo.marks]
    if len(tempo.marks) == 1 or lasting_s[is_alike].sum() < STEADY_SHARE * (duration_s - tempo.offset_s):
        return tempo
    bar_s = mark.bar_ticks * mark.seconds_per_tick
    lies_in_bar = (tempo.starts_s - starts_s[longest]) / bar_s % 1
    lies_elsewhere = np.abs(lies_in_bar - 0.5) < 0.5 - 0.5 / mark.beats_per_bar
    if (np.array(is_alike) & lies_elsewhere & (lasting_s > BARS_MEANT * bar_s)).any():
        return tempo
    bpm = _believable_bpm(mark.bpm, round(duration_s * mark.bpm / 60))
    steady = TempoMap(starts_s[longest] % bar_s, (replace(mark, tick=0, bpm=bpm),))
    elsewhere_s = np.array(
        [h.time_s for h in hits if not starts_s[longest] <= h.time_s < starts_s[longest + 1]]
    )
    if len(elsewhere_s) < FEW_STROKES:
        return steady
    is_as_good = _looseness_s(steady, elsewhere_s) <= _looseness_s(tempo, elsewhere_s) + NO_LOOSER_S
    return steady if is_as_good else tempo


def _looseness_s(tempo: TempoMap, seconds: np.ndarray) -> float:
    """The median distance of strokes from the nearest sixteenth."""
    sixteenth = TICKS_PER_QUARTER // 4
    nearest = np.round(tempo.ticks_at(seconds) / sixteenth) * sixteenth
    return float(np.median(np.abs(seconds - tempo.seconds_at(nearest))))


def onto_the_beat(tempo: TempoMap, hits: list[Hit]) -> TempoMap:
    """The same map, moved by the median distance of the strokes that are meant to be on a beat.

    It starts on a whole millisecond, as files have it, so that every reader computes the same times.
    """
    if not hits:
        return TempoMap(round(tempo.offset_s, 3), tempo.marks)
    seconds = np.array([hit.time_s for hit in hits])
    quarters = np.round(tempo.ticks_at(seconds) / TICKS_PER_QUARTER)
    distance_s = seconds - tempo.seconds_at(quarters * TICKS_PER_QUARTER)
    near = distance_s[np.abs(distance_s) < LATENESS_REACH_S]
    shift_s = float(np.median(near)) if len(near) >= 8 else 0.0
    return TempoMap(round(max(0.0, tempo.offset_s + shift_s), 3), tempo.marks)
