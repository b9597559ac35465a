"""From what was heard to single hits: when, which drum, how hard, how sure.

A group's peaks are the onsets; the drums of the group then compete for the name. A hand plays the hi-hat or
a cymbal, not both at once, so of two that coincide the less likely one goes, and what a song uses more is
more likely.
"""

from dataclasses import dataclass

import numpy as np

from transcription.hearing import Heard
from transcription.music import Hit
from transcription.units import DRUMS, FRAMES_PER_SECOND, GROUP_OF_DRUM, GROUPS
from transcription.weights import Ear

PEAK_REACH_FRAMES = 3  # two strokes on one drum are at least 30 ms apart
TOGETHER_FRAMES = 4
BOTH_CYMBALS = 0.6  # a ride and a crash may be struck at once, when both are this likely
LARGEST_PRIOR = 0.75  # in logits: how much a song's habits may outweigh what is heard
CRASH_PRIOR = 0.5  # crashes are rare in every song, so habit counts half against them
HIHAT, CYMBAL = GROUPS.index("hihat"), GROUPS.index("cymbal")
PEDAL, CRASH, RIDE = DRUMS.index("hihat_pedal"), DRUMS.index("crash"), DRUMS.index("ride")


@dataclass
class Peaks:
    """Onsets of one group: frames, sub-frame positions and logits above the threshold."""

    frames: np.ndarray
    positions: np.ndarray
    margins: np.ndarray

    def only(self, is_kept: np.ndarray) -> "Peaks":
        return Peaks(self.frames[is_kept], self.positions[is_kept], self.margins[is_kept])


def find_hits(heard: Heard, ear: Ear) -> list[Hit]:
    """All hits of the kit in order of time. Percussion is heard but no part of a drum map."""
    peaks = [peaks_of(heard.groups[:, group], ear.thresholds[group]) for group in range(len(GROUPS))]
    peaks[HIHAT], peaks[CYMBAL] = _one_hand(peaks[HIHAT], peaks[CYMBAL], heard)
    hits = []
    for group in range(GROUPS.index("percussion")):
        slope, shift = ear.calibration[group]
        for frame, position in zip(peaks[group].frames, peaks[group].positions, strict=True):
            near = slice(max(0, frame - 1), frame + 2)
            velocity = float(np.clip(heard.velocities[near, group].max(), 0.05, 1))
            confidence = float(_probability(slope * heard.groups[frame, group] + shift))
            for drum, share in _names(heard.drums[near].max(0), group):
                hits.append(Hit(position / FRAMES_PER_SECOND, DRUMS[drum], velocity, confidence * share))
    return sorted(hits, key=lambda hit: (hit.time_s, hit.drum))


def peaks_of(logits: np.ndarray, threshold: float) -> Peaks:
    """Local maxima of at least `threshold` (a probability), placed between frames by a parabola."""
    floor = float(np.log(threshold / (1 - threshold)))
    padded = np.pad(logits, PEAK_REACH_FRAMES, constant_values=-np.inf)
    highest = np.lib.stride_tricks.sliding_window_view(padded, 2 * PEAK_REACH_FRAMES + 1).max(1)
    frames = np.flatnonzero((logits >= floor) & (logits >= highest))
    if len(frames):
        frames = frames[np.diff(frames, prepend=-99) > PEAK_REACH_FRAMES]  # a plateau counts once
    inner = np.clip(frames, 1, max(1, len(logits) - 2))
    before, at, after = (_probability(logits[np.minimum(inner + d, len(logits) - 1)]) for d in (-1, 0, 1))
    curvature = before - 2 * at + after
    shift = np.where(curvature < -1e-6, 0.5 * (before - after) / np.where(curvature < -1e-6, curvature, 1), 0)
    positions = np.maximum(frames + np.clip(shift, -0.5, 0.5), 0)
    return Peaks(frames, positions, logits[frames] - floor)


def _one_hand(hats: Peaks, cymbals: Peaks, heard: Heard) -> tuple[Peaks, Peaks]:
    habit = 2 * np.log((len(hats.frames) + 5) / (len(cymbals.frames) + 5))
    keep_hat, keep_cymbal = np.ones(len(hats.frames), bool), np.ones(len(cymbals.frames), bool)
    for index, frame in enumerate(cymbals.frames):
        drums = heard.drums[max(0, frame - 1) : frame + 2].max(0)
        prior = habit * (CRASH_PRIOR if drums[CRASH] > drums[RIDE] else 1)
        if cymbals.margins[index] < min(prior / 2, LARGEST_PRIOR):
            keep_cymbal[index] = False
            continue
        together = np.flatnonzero(np.abs(hats.frames - frame) <= TOGETHER_FRAMES)
        if len(together) == 0:
            continue
        hat = together[hats.margins[together].argmax()]
        if cymbals.margins[index] < hats.margins[hat] + prior:
            keep_cymbal[index] = False
        elif not _is_pedal(heard.drums[hats.frames[hat]]):  # the foot may play under a cymbal
            keep_hat[hat] = False
    return hats.only(keep_hat), cymbals.only(keep_cymbal)


def _is_pedal(drums: np.ndarray) -> bool:
    of_group = [d for d, group in enumerate(GROUP_OF_DRUM) if group == HIHAT]
    return max(of_group, key=lambda d: drums[d]) == PEDAL


def _names(logits: np.ndarray, group: int) -> list[tuple[int, float]]:
    """The likeliest drum of a group with its share of the likelihood; with cymbals sometimes both."""
    members = [drum for drum, of_group in enumerate(GROUP_OF_DRUM) if of_group == group]
    likely = _probability(logits[members])
    best = int(likely.argmax())
    share = float(likely[best] / likely.sum())
    if group == CYMBAL and likely.min() > BOTH_CYMBALS:
        return [(drum, float(p)) for drum, p in zip(members, likely, strict=True)]
    return [(members[best], share)]


def _probability(logit: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(logit, -30, 30)))
