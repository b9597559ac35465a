"""From beats to a tempo map with as few marks as the beats allow: a song played to a click has one.

Straight lines are laid through the beats from bar line to bar line, each as far as the beats stay on it. Then
the strokes have their say: they move the grid onto themselves, and where they allow it one tempo is taken for
the whole song.
"""

import numpy as np

from transcription.music import Beats, Hit, TempoMap, TempoMark
from transcription.units import TICKS_PER_QUARTER

STEADY_S = 0.022  # beats further off a straight line than this end it
NOT_STEADY_SHARE = 0.08  # of the beats may be badly heard
WHOLE_BPM_DRIFT_S = 0.012  # a whole number of bpm is believed if the last beat moves by no more
STEADY_SHARE = 0.5  # of a song at one tempo: the rest is looked at again
SAME_TEMPO = 0.005
FEW_STROKES, NO_LOOSER_S = 8, 0.003
LATENESS_REACH_S = 0.03  # a stroke further off is not meant to be on the beat


def tempo_map(beats: Beats) -> TempoMap:
    """Marks at bar lines; tick 0 is the first bar line."""
    lines = np.flatnonzero(beats.is_bar_line)
    lines = lines if len(lines) else np.array([0])
    first = int(lines[0])
    changes = _changes(beats, lines)
    starts_s, slopes = [], []
    for start, end in zip(changes, [*changes[1:], len(beats.times_s)], strict=True):
        last = min(end + 1, len(beats.times_s))
        slope, intercept = _line(beats.times_s[start:last])
        starts_s.append(intercept)
        slopes.append(slope)
    starts_s[0] = max(0.0, starts_s[0])
    marks = []
    for index, start in enumerate(changes):
        if index + 1 < len(changes):
            slopes[index] = (starts_s[index + 1] - starts_s[index]) / (changes[index + 1] - start)
        bpm = _believable_bpm(60 / slopes[index], len(beats.times_s) - start if len(changes) == 1 else 0)
        marks.append(TempoMark((start - first) * TICKS_PER_QUARTER, bpm, _beats_per_bar(lines, start)))
    return TempoMap(starts_s[0], tuple(marks))


def _changes(beats: Beats, lines: np.ndarray) -> list[int]:
    """The beats at which a new mark is needed: a new tempo, or a new number of beats in the bar."""
    changes = [int(lines[0])]
    line = 0
    while line < len(lines):
        reach = _steady_until(beats.times_s, lines, line)
        same = line + 1
        while same < reach and _beats_per_bar(lines, lines[same]) == _beats_per_bar(lines, lines[line]):
            same += 1
        if same >= len(lines):
            break
        changes.append(int(lines[same]))
        line = same
    return changes


def _steady_until(times_s: np.ndarray, lines: np.ndarray, line: int) -> int:
    """The last bar line (exclusive) that one straight line of beats reaches from `line`."""

    def is_steady(end: int) -> bool:
        stretch = times_s[lines[line] : lines[end] + 1 if end < len(lines) else len(times_s)]
        if len(stretch) < 3:
            return True
        slope, intercept = _line(stretch)
        distance = np.abs(stretch - intercept - slope * np.arange(len(stretch)))
        return float((distance > STEADY_S).mean()) <= NOT_STEADY_SHARE

    if is_steady(len(lines)):
        return len(lines)
    steady, broken = line + 1, len(lines)
    while broken - steady > 1:
        middle = (steady + broken) // 2
        steady, broken = (middle, broken) if is_steady(middle) else (steady, middle)
    return steady


def _line(times_s: np.ndarray) -> tuple[float, float]:
    """Seconds a beat and the first beat's time, fitted again without the beats that fit badly."""
    numbers = np.arange(len(times_s))
    if len(times_s) < 2:
        return 0.5, float(times_s[0])
    slope, intercept = np.polyfit(numbers, times_s, 1)
    is_close = np.abs(times_s - intercept - slope * numbers) <= STEADY_S
    if is_close.sum() >= max(3, len(times_s) // 2):
        slope, intercept = np.polyfit(numbers[is_close], times_s[is_close], 1)
    return float(slope), float(intercept)


def _believable_bpm(bpm: float, beats: int) -> float:
    whole = round(bpm)
    moves_s = beats * abs(60 / whole - 60 / bpm) / 2  # the fit is right in the middle of the song
    return float(whole) if beats and moves_s < WHOLE_BPM_DRIFT_S else round(bpm, 5)


def _beats_per_bar(lines: np.ndarray, start: int) -> int:
    index = int(np.searchsorted(lines, start))
    if index + 1 < len(lines):
        return int(lines[index + 1] - lines[index])
    return int(lines[index] - lines[index - 1]) if index else 4


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
    bar_s = mark.beats_per_bar * 60 / mark.bpm
    bpm = _believable_bpm(mark.bpm, round(duration_s * mark.bpm / 60))
    steady = TempoMap(starts_s[longest] % bar_s, (TempoMark(0, bpm, mark.beats_per_bar),))
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
