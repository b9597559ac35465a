"""Figures about the strokes of several songs: F by class, error of velocities, whether confidences keep their word."""

from collections.abc import Callable, Iterable

import numpy as np

from training.scoring.annotation import Annotation, Stroke
from training.scoring.classes import FIVE, one_of_five, one_of_ten
from training.scoring.matching import Score, merged, pairs

Songs = Iterable[tuple[Annotation, Annotation]]  # truth, answer
CONFIDENCE_BINS = 10


def of_class(
    strokes: list[Stroke], name: str | int, class_of: Callable[[str], str | int | None]
) -> list[Stroke]:
    """The strokes of one class in order of time, each once."""
    members = [stroke for stroke in strokes if class_of(stroke.drum) == name]
    return [members[index] for index in merged(times_of(members))]


def scores(songs: Songs, names: tuple[str, ...], class_of: Callable[[str], str | None]) -> dict[str, Score]:
    """One score a class, over all songs."""
    by_class = {name: Score() for name in names}
    for truth, answer in songs:
        for name, score in by_class.items():
            true, found = (of_class(each.strokes, name, class_of) for each in (truth, answer))
            score.add(times_of(true), times_of(found))
    return by_class


def micro_f(by_class: dict[str, Score]) -> float:
    """F of all classes' counts together."""
    return sum(by_class.values(), Score()).f


def macro_f(by_class: dict[str, Score]) -> float:
    """Mean F of the classes that occur in the truth."""
    return float(np.mean([score.f for score in by_class.values() if score.true] or [0.0]))


def velocity_error(songs: Songs) -> float | None:
    """Mean distance of the velocities (0 to 1) of strokes that were found in the right of five classes."""
    errors = []
    for truth, answer in songs:
        for name in FIVE:
            true, found = (of_class(each.strokes, name, one_of_five) for each in (truth, answer))
            for of_truth, of_found in zip(*pairs(times_of(true), times_of(found)), strict=True):
                loud, heard = true[of_truth].velocity, found[of_found].velocity
                if loud is not None and heard is not None:
                    errors.append(abs(loud - heard))
    return float(np.mean(errors)) if errors else None


def calibration_error(songs: Songs) -> float | None:
    """Expected calibration error in ten even bins (Naeini et al. 2015): how far confidences are from the share of
    strokes that are right, of the right one of ten drums, weighted by how many strokes lie in each bin."""
    confidence, is_right = [], []
    for truth, answer in songs:
        for name in {one_of_ten(stroke.drum) for stroke in answer.strokes} - {None}:
            true, found = (of_class(each.strokes, name, one_of_ten) for each in (truth, answer))
            right = set(pairs(times_of(true), times_of(found))[1].tolist())
            confidence += [stroke.confidence for stroke in found]
            is_right += [index in right for index in range(len(found))]
    if not confidence or None in confidence:
        return None
    said, was = np.array(confidence, float), np.array(is_right, float)
    bins = np.minimum((said * CONFIDENCE_BINS).astype(int), CONFIDENCE_BINS - 1)
    gaps = [abs((said - was)[bins == index].sum()) for index in range(CONFIDENCE_BINS)]
    return float(sum(gaps) / len(said))


def times_of(strokes: list[Stroke]) -> np.ndarray:
    return np.array([stroke.time_s for stroke in strokes])
