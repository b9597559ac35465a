"""From what was heard to single strokes: when, which drum, how hard, how sure.

A group's peaks, judged with the whole song in mind, are the strokes; the drums of the group then compete for the
name. What a song uses more is likelier: somebody with two toms does not play a third one once.
"""

import numpy as np

from transcription.judging import Judgement, Peaks, judge
from transcription.music import Beats, Heard, Hit
from transcription.units import DRUMS, FRAMES_PER_SECOND, GROUP_OF_DRUM, GROUPS

SOFTEST = 0.05  # velocity of a stroke that is there
# How the map says what has no component of its own.
COMPONENT_AND_FLAGS: dict[str, tuple[str, tuple[str, ...]]] = {"snare_rim": ("snare", ("rim",))}


def find_hits(heard: Heard, beats: Beats, judgement: Judgement) -> list[Hit]:
    """All strokes of the kit in order of time. Percussion is heard but no part of a drum map."""
    hits = []
    judged = judge(heard, beats, judgement)
    for group in range(GROUPS.index("percussion")):
        peaks, likely = judged[group]
        members, shares = names(heard, peaks, group, judgement.naming[group])
        velocities = _highest_near(heard.velocities[:, group], peaks.frames)
        for position, p, share, velocity in zip(peaks.positions, likely, shares, velocities, strict=True):
            best = int(share.argmax())
            component, flags = COMPONENT_AND_FLAGS.get(DRUMS[members[best]], (DRUMS[members[best]], ()))
            loud = float(np.clip(velocity, SOFTEST, 1))
            hits.append(Hit(position / FRAMES_PER_SECOND, component, loud, float(p * share[best]), flags))
    return sorted(hits, key=lambda hit: (hit.time_s, hit.drum))


def names(heard: Heard, peaks: Peaks, group: int, naming: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The drums of a group, and for each peak the share of the likelihood that each of them has (peaks, drums)."""
    members = np.flatnonzero(np.array(GROUP_OF_DRUM) == group)
    return members, shares_of(logits_of(heard, peaks, members), naming)


def logits_of(heard: Heard, peaks: Peaks, members: np.ndarray) -> np.ndarray:
    """(peaks, members)"""
    return np.column_stack([_highest_near(heard.drums[:, drum], peaks.frames) for drum in members])


def shares_of(logits: np.ndarray, naming: np.ndarray) -> np.ndarray:
    """(peaks, drums) logits → as much in shares that add up to 1. Needs all peaks of a song, for its habits."""
    if len(logits) == 0:
        return logits
    opinion, habit = naming
    first = _softmax(logits * opinion)
    return _softmax(logits * opinion + habit * np.log(first.mean(0) + 1 / (len(logits) + 10)))


def _softmax(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)


def _highest_near(column: np.ndarray, frames: np.ndarray) -> np.ndarray:
    around = np.clip(frames[:, None] + np.arange(-1, 2), 0, len(column) - 1)
    return column[around].max(1)
