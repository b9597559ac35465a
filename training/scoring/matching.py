"""Counting what was found: events of truth and answer paired one to one within a window of time.

The pairs are as many as any pairing could make (what a bipartite matching finds), though the lists are only walked
once. Take the earliest event t of the truth and the earliest f of the answer. If t lies more than the window before
f, it lies that far before every other answer too and can be paired with none; likewise f before t. Otherwise pairing
t with f loses nothing: where the best pairing had t with a later f' and f with a later t', then t' − f' ≤ t' − f and
f' − t' ≤ f' − t are both within the window, so (t, f) and (t', f') do as well.
"""

import numpy as np

WINDOW_S = 0.05  # customary for drums (MIREX drum transcription)
ONE_STROKE_S = 0.03  # events of one class closer than this are one


def pairs(
    true_s: np.ndarray, found_s: np.ndarray, window_s: float = WINDOW_S
) -> tuple[np.ndarray, np.ndarray]:
    """Indices into both (sorted) of the events that belong together; the window's edge is inside."""
    of_truth, of_found = [], []
    truth = found = 0
    while truth < len(true_s) and found < len(found_s):
        if abs(true_s[truth] - found_s[found]) <= window_s:
            of_truth.append(truth)
            of_found.append(found)
            truth, found = truth + 1, found + 1
        elif true_s[truth] < found_s[found]:
            truth += 1
        else:
            found += 1
    return np.array(of_truth, int), np.array(of_found, int)


def matched(true_s: np.ndarray, found_s: np.ndarray, window_s: float = WINDOW_S) -> np.ndarray:
    """For each found time (sorted) whether a true one (sorted) is its own."""
    is_hit = np.zeros(len(found_s), bool)
    is_hit[pairs(true_s, found_s, window_s)[1]] = True
    return is_hit


def merged(times_s: np.ndarray) -> np.ndarray:
    """Indices, in order of time, of the events that are left when those of one stroke are taken together."""
    kept: list[int] = []
    for index in np.argsort(times_s, kind="stable"):
        if not kept or times_s[index] - times_s[kept[-1]] > ONE_STROKE_S:
            kept.append(int(index))
    return np.array(kept, int)


class Score:
    """Sums counts; `f`, `precision` and `recall` are 0 where nothing was counted."""

    def __init__(self) -> None:
        self.right = self.true = self.found = 0

    def add(self, true_s: np.ndarray, found_s: np.ndarray, window_s: float = WINDOW_S) -> None:
        self.right += int(matched(np.sort(true_s), np.sort(found_s), window_s).sum())
        self.true += len(true_s)
        self.found += len(found_s)

    def __add__(self, other: "Score") -> "Score":
        total = Score()
        total.right, total.true = self.right + other.right, self.true + other.true
        total.found = self.found + other.found
        return total

    @property
    def f(self) -> float:
        return 2 * self.right / max(1, self.true + self.found)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.found)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.true)

    def as_card(self) -> dict[str, float]:
        return {"f": round(self.f, 3), "precision": round(self.precision, 3), "recall": round(self.recall, 3)}
