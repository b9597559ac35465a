"""Figures about beats, bar lines and tempo, each for one song."""

import numpy as np

from training.scoring.annotation import Annotation
from training.scoring.matching import Score

BEAT_WINDOW_S = 0.07  # customary for beats (Davies et al. 2009)
BEYOND_S = 0.2  # a truth says nothing of what lies before its first beat and after its last
TEMPO_WINDOW_S = 10.0
TEMPO_TOLERANCE = 0.04  # customary for tempo (Gouyon et al. 2006)


def beat_f(truth: Annotation, answer: Annotation) -> float:
    return _f(truth.beats_s, _inside(truth, answer.beats_s))


def bar_line_f(truth: Annotation, answer: Annotation) -> float:
    return _f(truth.bar_lines_s, _inside(truth, answer.bar_lines_s))


def tempo_share(truth: Annotation, answer: Annotation) -> float:
    """The share of 10 s windows from the first true beat on in which the answer's tempo is within 4 % of the truth's.

    A window's tempo is that of the median beat that touches it; a rest under half a window joins the one before.
    """
    first_s, last_s = truth.beats_s[0], truth.beats_s[-1]
    count = max(1, round((last_s - first_s) / TEMPO_WINDOW_S))
    edges_s = first_s + TEMPO_WINDOW_S * np.arange(count + 1)
    edges_s[-1] = max(last_s, edges_s[-1])
    is_right = []
    for start_s, end_s in zip(edges_s[:-1], edges_s[1:], strict=True):
        true, found = (_bpm(each.beats_s, start_s, end_s) for each in (truth, answer))
        is_right.append(found is not None and true is not None and abs(found / true - 1) <= TEMPO_TOLERANCE)
    return float(np.mean(is_right))


def _bpm(beats_s: np.ndarray, start_s: float, end_s: float) -> float | None:
    lengths_s = np.diff(beats_s)
    is_in = (beats_s[1:] > start_s) & (beats_s[:-1] < end_s)
    return 60 / float(np.median(lengths_s[is_in])) if is_in.any() else None


def _inside(truth: Annotation, times_s: np.ndarray) -> np.ndarray:
    return times_s[(times_s >= truth.beats_s[0] - BEYOND_S) & (times_s <= truth.beats_s[-1] + BEYOND_S)]


def _f(true_s: np.ndarray, found_s: np.ndarray) -> float:
    score = Score()
    score.add(true_s, found_s, BEAT_WINDOW_S)
    return score.f
