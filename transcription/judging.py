"""Which of the things that might be strokes are strokes: a second look with the whole song in mind.

The network judges a moment by the seconds around it. A drummer who transcribes also asks what else was struck
just then (a hand plays the hi-hat or a cymbal, not both), whether the same place of other bars has it too, and
what this song uses at all. Those are the features of a logistic regression for each group, fitted on songs that
the network has not seen; its answer is a probability that keeps its word.
"""

from dataclasses import dataclass

import numpy as np

from transcription.music import Beats, Heard
from transcription.units import DRUMS, FRAMES_PER_SECOND, GROUPS

LEAST_LIKELY = 0.06  # what the network holds for less likely is not looked at again
PEAK_REACH_FRAMES = 3  # two strokes on one drum are at least 30 ms apart
TOGETHER_FRAMES = 2
BARS_APART = (-2, -1, 1, 2)
BAR_REACH_FRAMES = 3  # players and beat tracker are this loose
STRONGEST = 8.0  # logits beyond say no more
UNHEARD_HZ = (
    0.03  # strokes a second of a drum that a song does not use, so that long songs are no quieter than short
)
FEATURES = len(GROUPS) + len(DRUMS) + 3


@dataclass(frozen=True)
class Peaks:
    """Onsets of one group: frames, and where between them, in frames."""

    frames: np.ndarray
    positions: np.ndarray

    def only(self, is_kept: np.ndarray) -> "Peaks":
        return Peaks(self.frames[is_kept], self.positions[is_kept])


@dataclass(frozen=True)
class Judgement:
    """For each group: the weights of the features (the last one a constant), the least probability of a stroke, and how
    its drums are told apart (see `drums`)."""

    weights: np.ndarray  # (groups, FEATURES + 1)
    thresholds: np.ndarray  # (groups,)
    naming: np.ndarray  # (groups, 2): how much the network's opinion of a drum counts, and the song's habit


def judge(heard: Heard, beats: Beats, judgement: Judgement) -> list[tuple[Peaks, np.ndarray]]:
    """The strokes of each group and their probabilities."""
    judged = []
    for group, (peaks, features) in enumerate(candidates(heard, beats)):
        likely = probability(features @ judgement.weights[group, :-1] + judgement.weights[group, -1])
        is_stroke = likely >= judgement.thresholds[group]
        judged.append((peaks.only(is_stroke), likely[is_stroke]))
    return judged


def candidates(heard: Heard, beats: Beats) -> list[tuple[Peaks, np.ndarray]]:
    """Everything in each group that may be a stroke, with its features (n, FEATURES)."""
    logits = np.clip(heard.groups, -STRONGEST, STRONGEST)
    all_peaks = [peaks_of(heard.groups[:, group], LEAST_LIKELY) for group in range(len(GROUPS))]
    seconds = len(logits) / FRAMES_PER_SECOND + 1
    everything = np.concatenate([logits, np.clip(heard.drums, -STRONGEST, STRONGEST)], 1)
    together = _highest_near(everything, TOGETHER_FRAMES)
    found = []
    for group, peaks in enumerate(all_peaks):
        rate_hz = probability(logits[peaks.frames, group]).sum() / seconds
        habit = np.full(len(peaks.frames), np.log(rate_hz + UNHEARD_HZ))
        others = _other_bars(logits[:, group], peaks.frames, beats)
        found.append((peaks, np.column_stack([together[peaks.frames], habit, *others])))
    return found


def peaks_of(logits: np.ndarray, threshold: float) -> Peaks:
    """Local maxima of at least `threshold` (a probability), placed between frames by a parabola."""
    floor = float(np.log(threshold / (1 - threshold)))
    padded = np.pad(logits, PEAK_REACH_FRAMES, constant_values=-np.inf)
    highest = np.lib.stride_tricks.sliding_window_view(padded, 2 * PEAK_REACH_FRAMES + 1).max(1)
    frames = np.flatnonzero((logits >= floor) & (logits >= highest))
    if len(frames):
        frames = frames[np.diff(frames, prepend=-99) > PEAK_REACH_FRAMES]  # a plateau counts once
    inner = np.clip(frames, 1, max(1, len(logits) - 2))
    before, at, after = (probability(logits[np.minimum(inner + d, len(logits) - 1)]) for d in (-1, 0, 1))
    curvature = before - 2 * at + after
    shift = np.where(curvature < -1e-6, 0.5 * (before - after) / np.where(curvature < -1e-6, curvature, 1), 0)
    return Peaks(frames, np.maximum(frames + np.clip(shift, -0.5, 0.5), 0))


def _highest_near(logits: np.ndarray, reach: int) -> np.ndarray:
    padded = np.pad(logits, ((reach, reach), (0, 0)), mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=0).max(-1)


def _other_bars(logits: np.ndarray, frames: np.ndarray, beats: Beats) -> tuple[np.ndarray, np.ndarray]:
    """What is heard at the same place of the bars around: mean and highest; where there are none, the moment's own."""
    near = _highest_near(logits[:, None], BAR_REACH_FRAMES)[:, 0]
    numbers = np.arange(len(beats.times_s))
    lines = np.flatnonzero(beats.is_bar_line)
    bar = float(np.median(np.diff(lines))) if len(lines) > 1 else 4.0
    place = np.interp(frames / FRAMES_PER_SECOND, beats.times_s, numbers)
    there = place[None, :] + bar * np.array(BARS_APART)[:, None]
    is_inside = (there > 0) & (there < len(numbers) - 1)
    at = np.round(np.interp(there, numbers, beats.times_s) * FRAMES_PER_SECOND).astype(int)
    values = np.where(is_inside, near[np.clip(at, 0, len(near) - 1)], np.nan)
    count = is_inside.sum(0)
    mean = np.where(count > 0, np.nansum(values, 0) / np.maximum(count, 1), near[frames])
    highest = np.where(count > 0, np.nanmax(np.where(is_inside, values, -np.inf), 0), near[frames])
    return mean, highest


def probability(logit: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(logit, -30, 30)))
