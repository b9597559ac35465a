"""Fits the ear's second look: for each group a logistic regression on what `transcription.judging` gathers.

It is fitted on songs that the network has not seen, since only there its logits are as unsure as they will be.
"""

from collections.abc import Sequence
from itertools import product

import numpy as np
import torch

from training.clips import PERCUSSION, Clip
from training.scoring.matching import WINDOW_S, Score, matched
from training.targets import INAUDIBLE_VELOCITY
from transcription import drums
from transcription.judging import FEATURES, Judgement, Peaks, candidates, probability
from transcription.music import Beats, Heard
from transcription.units import FRAMES_PER_SECOND, GROUP_OF_DRUM, GROUPS

RESTRAINT = 8.0  # squared weights (of features of unit spread) cost this much, in candidates
THRESHOLDS = np.arange(0.3, 0.66, 0.02)
STEPS = 60
OPINIONS, HABITS = (0.3, 0.45, 0.6, 0.8, 1.0, 1.3), (0.0, 0.25, 0.5, 0.75, 1.0)


def fit(clips: Sequence[Clip], heard: Sequence[Heard], beats: Sequence[Beats]) -> Judgement:
    weights, thresholds = np.zeros((len(GROUPS), FEATURES + 1)), np.full(len(GROUPS), 0.5)
    naming = np.tile([1.0, 0.0], (len(GROUPS), 1))
    found = [candidates(*song) for song in zip(heard, beats, strict=True)]
    for group in range(len(GROUPS)):
        features = np.concatenate([each[group][1] for each in found])
        truth = [true_times_s(clip, group) for clip in clips]
        times_s = [each[group][0].positions / FRAMES_PER_SECOND for each in found]
        is_true = np.concatenate([matched(t, f) for t, f in zip(truth, times_s, strict=True)])
        if len(features) == 0:
            continue
        weights[group] = _regression(features, is_true)
        likely = [probability(each[group][1] @ weights[group, :-1] + weights[group, -1]) for each in found]
        thresholds[group] = _best_threshold(truth, times_s, likely)
        kept = [each[group][0].only(p >= thresholds[group]) for each, p in zip(found, likely, strict=True)]
        naming[group] = _naming(clips, heard, kept, group)
    return Judgement(weights, thresholds, naming)


def _naming(clips: Sequence[Clip], heard: Sequence[Heard], kept: Sequence[Peaks], group: int) -> np.ndarray:
    """The pair that makes the true names of the true strokes likeliest."""
    members = [drum for drum, of in enumerate(GROUP_OF_DRUM) if of == group]
    if len(members) < 2:
        return np.array([1.0, 0.0])
    songs = []
    for clip, song, peaks in zip(clips, heard, kept, strict=True):
        true = np.array([hit for hit in clip.hits if int(hit[1]) in members]).reshape(-1, 3)
        times_s = peaks.positions / FRAMES_PER_SECOND
        if len(true) == 0 or len(times_s) == 0:
            continue
        nearest = np.abs(times_s[:, None] - true[None, :, 0]).argmin(1)
        is_near = np.abs(times_s - true[nearest, 0]) <= WINDOW_S
        logits = drums.logits_of(song, peaks, np.array(members))
        songs.append((logits, is_near, np.array([members.index(int(d)) for d in true[nearest, 1]])))

    def surprise(naming: tuple[float, float]) -> float:
        total = 0.0
        for logits, is_near, truth in songs:
            shares = drums.shares_of(logits, np.array(naming))
            total -= np.log(shares[is_near, truth[is_near]] + 1e-6).sum()
        return total

    return np.array(min(product(OPINIONS, HABITS), key=surprise))


def true_times_s(clip: Clip, group: int) -> np.ndarray:
    drums = [drum for drum, of in enumerate(GROUP_OF_DRUM) if of == group] or [PERCUSSION]
    is_wanted = np.isin(clip.hits[:, 1], drums) & (clip.hits[:, 2] >= INAUDIBLE_VELOCITY)
    return np.unique(np.round(clip.hits[is_wanted, 0], 2))


def _regression(features: np.ndarray, is_true: np.ndarray) -> np.ndarray:
    """Weights and constant that make the truth likeliest, by Newton's method with a little restraint."""
    middle, spread = features.mean(0), features.std(0) + 1e-6
    x = torch.from_numpy((features - middle) / spread)
    y = torch.from_numpy(is_true.astype(np.float64))
    line = torch.zeros(x.shape[1] + 1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([line], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        surprise = torch.nn.functional.binary_cross_entropy_with_logits(
            x @ line[:-1] + line[-1], y, reduction="sum"
        )
        total = surprise + RESTRAINT * line[:-1].square().sum()
        total.backward()
        return total

    optimizer.step(loss)
    fitted = line.detach().numpy()
    weights = fitted[:-1] / spread
    return np.append(weights, fitted[-1] - (weights * middle).sum())


def _best_threshold(truth: list[np.ndarray], found_s: list[np.ndarray], likely: list[np.ndarray]) -> float:
    def f_at(threshold: float) -> float:
        score = Score()
        for true, times_s, p in zip(truth, found_s, likely, strict=True):
            score.add(true, times_s[p >= threshold])
        return score.f

    return float(max(THRESHOLDS, key=f_at))
