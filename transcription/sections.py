"""The parts of a song: where, at a bar line, the drummer changes to another groove.

Every bar is described by what is struck where in it. The bars are cut into stretches of at least four that differ
least from their own mean, each cut having its price (dynamic programming); stretches of one groove get one letter. The
drums don't tell a verse from a chorus, so no section is called that: a letter says what returns, a word beside it what
keeps time or that the drums rest.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from transcription.music import Note, Section, TempoMap

PLACES = 16  # of a bar: a groove is known by where its strokes are to a sixteenth
SHORTEST_BARS, LONGEST_BARS = 4, 64  # a fill is no section; the longest only bounds the work
CUT_PRICE = 1.1  # squared distances of bars from their mean (each at most about 1) that a cut must save
ODD_PRICE = 0.5  # more where a stretch after the first is no whole number of four bars
CRASH_REBATE = 0.4  # less where the new stretch begins with a crash
SAME_GROOVE = 0.75  # cosine of two stretches' means
# The families that a groove is made of; hats, rides and crashes are told apart because that is what changes.
FAMILIES = {
    "kick": 0, "snare": 1, "hihat_closed": 2, "hihat_open": 3, "ride": 4, "ride_bell": 4, "crash": 5, "crash2": 5,
    "china": 5, "splash": 5, "tom_high": 6, "tom_mid": 6, "tom_low": 6, "hihat_pedal": 7,
}  # fmt: skip
OTHERS = 8
SOFTEST = 0.05  # velocity: what is struck is struck
TIME_KEEPERS = {0: "kick", 1: "snare", 2: "hi-hat", 3: "open hi-hat", 4: "ride", 5: "crash", 6: "toms"}
# Kick and snare keep time only where hardly anything else is struck; the foot on the hi-hat and others are not named.
KEEPS_TIME = np.array([0.5, 0.5, 1, 1, 1, 1, 1, 0, 0])
REST = "Drums rest"


@dataclass(frozen=True)
class Bars:
    """`ticks` at which bars begin, and of each a row of strokes by family and place."""

    ticks: np.ndarray
    grooves: np.ndarray  # (bars, families x places), of length 1, or 0 where nothing is struck


def find_sections(notes: list[Note], tempo: TempoMap) -> list[Section]:
    """Sections in order, the first from the first bar with a note on; none where nothing is played."""
    notes = [note for note in notes if note.tick >= 0]  # a pick-up belongs to no section
    if not notes:
        return []
    bars = _bars(notes, tempo)
    edges = _cuts(bars.grooves)
    sections: list[Section] = []
    letters: list[np.ndarray] = []
    for start, end in pairwise(edges):
        stretch = bars.grooves[start:end]
        is_rest = stretch.any(1).mean() < 0.5
        label = REST if is_rest else _label(stretch.mean(0), letters)
        if not sections or sections[-1].label != label:
            sections.append(Section(int(bars.ticks[start]), label))
    return sections


def _bars(notes: list[Note], tempo: TempoMap) -> Bars:
    ticks = np.array([note.tick for note in notes])
    starts = np.array(_bar_lines(tempo, int(ticks.max())))
    bar = np.searchsorted(starts, ticks, side="right") - 1
    lengths = np.diff(starts, append=starts[-1] + tempo.marks[-1].bar_ticks)
    place = np.rint((ticks - starts[bar]) / lengths[bar] * PLACES).astype(int) % PLACES
    family = np.array([FAMILIES.get(note.drum, OTHERS) for note in notes])
    grooves = np.zeros((len(starts), OTHERS + 1, PLACES))
    np.maximum.at(grooves, (bar, family, place), np.array([note.velocity for note in notes]).clip(SOFTEST))
    rows = grooves.reshape(len(starts), -1)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    first = bar.min()
    return Bars(starts[first:], rows[first:])


def _bar_lines(tempo: TempoMap, last_tick: int) -> list[int]:
    lines: list[int] = []
    ends = [mark.tick for mark in tempo.marks[1:]] + [max(last_tick, tempo.marks[-1].tick) + 1]
    for mark, end in zip(tempo.marks, ends, strict=True):
        lines += range(mark.tick, end, mark.bar_ticks)
    return lines


def _cuts(grooves: np.ndarray) -> list[int]:
    """Edges of the stretches, 0 and the number of bars among them, at the least total cost."""
    count = len(grooves)
    sums = np.concatenate([np.zeros((1, grooves.shape[1])), np.cumsum(grooves, 0)])
    squares = np.concatenate([[0.0], np.cumsum((grooves**2).sum(1))])
    least, before = np.full(count + 1, np.inf), np.zeros(count + 1, int)
    least[0] = 0.0
    begins_with_crash = grooves[:, FAMILIES["crash"] * PLACES] > 0
    for end in range(min(SHORTEST_BARS, count), count + 1):
        starts = np.arange(max(0, end - LONGEST_BARS), max(0, end - SHORTEST_BARS) + 1)
        bars = end - starts
        spread = squares[end] - squares[starts] - ((sums[end] - sums[starts]) ** 2).sum(1) / bars
        is_odd = (bars % 4 > 0) & (starts > 0)
        price = CUT_PRICE + ODD_PRICE * is_odd - CRASH_REBATE * begins_with_crash[starts]
        costs = least[starts] + spread + price
        least[end], before[end] = costs.min(), starts[costs.argmin()]
    edges = [count]
    while edges[-1] > 0:
        edges.append(int(before[edges[-1]]))
    return edges[::-1]


def _label(mean: np.ndarray, letters: list[np.ndarray]) -> str:
    """The letter of the groove and what keeps its time; `letters` grows by every new groove."""
    direction = mean / np.linalg.norm(mean)
    alike = [float(known @ direction) for known in letters]
    if not alike or max(alike) < SAME_GROOVE:
        letters.append(direction)
        alike.append(1.0)
    number = int(np.argmax(alike))
    strokes = letters[number].reshape(OTHERS + 1, PLACES).sum(1) * KEEPS_TIME
    keeper = TIME_KEEPERS.get(int(strokes.argmax()))
    return f"{_letter(number)} · {keeper}" if keeper else _letter(number)


def _letter(number: int) -> str:
    """A to Z, then A2 and so on."""
    return chr(ord("A") + number % 26) + (str(number // 26 + 1) if number >= 26 else "")
