"""How much work a map leaves to a person: the edits that turn it into the truth."""

from collections.abc import Iterable
from itertools import chain

from training.scoring.annotation import Annotation, Stroke
from training.scoring.classes import lane_of
from training.scoring.matching import WINDOW_S, pairs
from training.scoring.strokes import of_class, times_of

LANES = range(7)
FAR_S = 0.25  # a note this far off is still worth moving instead of writing anew


def edits(truth: Annotation, answer: Annotation) -> tuple[int, int]:
    """The edits that turn the answer into the truth, and how many true notes there are, in the lanes of a map.

    A note within 50 ms in its lane needs none. Of the others, one within 50 ms in another lane is moved there, then
    one within 250 ms in its own lane is moved in time; what is left is written anew or deleted. Each counts one.
    """
    true, found = ([of_class(each.strokes, lane, lane_of) for lane in LANES] for each in (truth, answer))
    notes = sum(map(len, true))
    for lane in LANES:
        true[lane], found[lane], _ = _unpaired(true[lane], found[lane], WINDOW_S)
    anywhere_true, anywhere_found, moves = _unpaired(chain(*true), chain(*found), WINDOW_S)
    count = moves
    for lane in LANES:
        in_lane = [[s for s in each if lane_of(s.drum) == lane] for each in (anywhere_true, anywhere_found)]
        missing, invented, moves = _unpaired(*in_lane, FAR_S)
        count += moves + len(missing) + len(invented)
    return count, notes


def _unpaired(
    true: Iterable[Stroke], found: Iterable[Stroke], window_s: float
) -> tuple[list[Stroke], list[Stroke], int]:
    """What is left of both, and how many pairs were taken out."""
    true, found = (sorted(each, key=lambda stroke: stroke.time_s) for each in (true, found))
    of_truth, of_found = pairs(times_of(true), times_of(found), window_s)
    left = (
        [stroke for index, stroke in enumerate(each) if index not in taken]
        for each, taken in ((true, set(of_truth.tolist())), (found, set(of_found.tolist())))
    )
    return (*left, len(of_truth))
