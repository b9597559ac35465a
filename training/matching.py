"""Counting what was found: hits of truth and prediction paired one to one within 50 ms."""

import numpy as np

WINDOW_S = 0.05


def matched(true_s: np.ndarray, found_s: np.ndarray, window_s: float = WINDOW_S) -> np.ndarray:
    """For each found time (sorted) whether a true one (sorted) is its own."""
    is_hit = np.zeros(len(found_s), bool)
    truth = found = 0
    while truth < len(true_s) and found < len(found_s):
        if abs(true_s[truth] - found_s[found]) <= window_s:
            is_hit[found] = True
            truth, found = truth + 1, found + 1
        elif true_s[truth] < found_s[found]:
            truth += 1
        else:
            found += 1
    return is_hit


class Score:
    """Sums counts; `f`, `precision` and `recall` are 0 where nothing was counted."""

    def __init__(self) -> None:
        self.right = self.true = self.found = 0

    def add(self, true_s: np.ndarray, found_s: np.ndarray) -> None:
        self.right += int(matched(np.sort(true_s), np.sort(found_s)).sum())
        self.true += len(true_s)
        self.found += len(found_s)

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
