"""Which of the beats found begin bars, asked once more with bar lines measured against each other.

While beats are sought, a network that is unsure of every bar line must not be believed, or it would be explained
by tempi that have more of them. Once the beats stand, the likeliest of its lines tell where bars begin, however
unsure they are. Viterbi over the beats, with the patterns and the costs of the bar pointer.
"""

import numpy as np

from transcription.bar_pointer import BARS_END, CUT_BAR, NEXT_BAR, Path
from transcription.evidence import events, with_bolder_lines
from transcription.explaining import (
    BARS_BEGIN,
    FRAMES_PER_STEP,
    IMPOSSIBLE,
    PERIODS_STEPS,
    POSITIONS,
    explained,
)
from transcription.hearing import Heard
from transcription.patterns import BARS, COMPOUND, STREAMS

OPENING = 3.0  # nats: of twenty bands that begin on a beat, one begins on another than the first
ON_THE_BEAT_STEPS = 3
IS_DOTTED = np.repeat([bar.division == COMPOUND for bar in BARS], [bar.beats for bar in BARS])  # by position
BEFORE = np.arange(POSITIONS) - 1


def counted_again(path: Path, heard: Heard) -> Path:
    """The same beats in the bars that explain them best. Dotted beats stay dotted."""
    periods = np.diff(path.steps, append=2 * path.steps[-1] - path.steps[-2])
    tempi = np.abs(np.log(periods[:, None] / PERIODS_STEPS)).argmin(1)
    happening = events(with_bolder_lines(heard, int((path.places == 0).sum())))
    fits = explained(happening)[tempi, path.steps]
    fits[np.ix_(_opening(path, happening), BARS_BEGIN)] += OPENING
    was_dotted = np.array([bar.division == COMPOUND for bar in BARS])[path.bars]
    positions = _best_positions(np.where(was_dotted[:, None] == IS_DOTTED, fits, IMPOSSIBLE))
    bars = np.searchsorted(BARS_BEGIN, positions, side="right") - 1
    return Path(path.steps, bars, positions - BARS_BEGIN[bars])


def _opening(path: Path, happening: np.ndarray) -> np.ndarray:
    """The index of the beat on which the first stroke falls, if it falls on one."""
    strokes = happening[:, STREAMS.index("kick") :].max(1)
    first_step = (strokes > 0).argmax() / FRAMES_PER_STEP
    nearest = np.abs(path.steps - first_step).argmin(keepdims=True)
    return nearest[np.abs(path.steps[nearest] - first_step) <= ON_THE_BEAT_STEPS]


def _best_positions(fits: np.ndarray) -> np.ndarray:
    """(beats, positions) → the position of each beat on the best path."""
    total, came_from = fits[0], []
    for fit in fits[1:]:
        source = BEFORE.copy()
        arrived = total[BEFORE]
        full = total[BARS_END, None] - NEXT_BAR
        source[BARS_BEGIN], arrived[BARS_BEGIN] = BARS_END[full.argmax(0)], full.max(0)
        is_cut = np.zeros(POSITIONS, bool)
        is_cut[BARS_BEGIN] = arrived[BARS_BEGIN] < total.max() - CUT_BAR
        source[is_cut], arrived[is_cut] = total.argmax(), total.max() - CUT_BAR
        came_from.append(source)
        total = arrived + fit
    positions = [int(total.argmax())]
    for source in reversed(came_from):
        positions.append(int(source[positions[-1]]))
    return np.array(positions[::-1])
