"""How hard each stroke is against its drum's ordinary one: ghost notes, accents and what lies between.

The map format names velocities (to 0.3 a ghost note, 0.4 to 0.6 soft, 0.7 to 0.9 normal, above an accent), but what is
heard is loudness, and a mix brings loud and soft closer together. So each drum is measured by this song: its
ordinary stroke becomes 0.8, and where the snare has soft strokes that stand apart from the others those are its
ghost notes, however loud they seem. Of two strokes of one drum the harder is never written softer.
"""

from collections import defaultdict
from dataclasses import replace

import numpy as np

from transcription.music import Note

ORDINARY, ACCENT, GHOST = 0.8, 0.9, 0.3  # written: the normal stroke; above and up to which the others begin
ACCENT_RATIO = (
    1.1  # an accent is harder than the ordinary stroke by this, and by more than strokes usually differ
)
ACCENT_DEVIATIONS = 1.5
MAIN_RATIO = 0.6  # strokes softer than this against the hard ones say nothing of what is ordinary
LOUDEST_RATIO = 1.4  # of a stroke written 1.0
GHOST_RATIO = 0.45  # a stroke this soft is a ghost note even where no others are
SOFTEST = 0.05
# Two heaps of strokes, each large enough to be one, have a valley between them: the middle third of the way from mean
# to mean holds next to none. Of one even spread it holds a sixth, of a bell a fifth.
VALLEY_SHARE, LEAST_STROKES = 0.08, 6
GHOSTS_AT_MOST = 0.85  # of the ordinary stroke
GHOST_DEVIATIONS, LEAST_DEVIATION = 3.0, 0.04  # further below the ordinary stroke than others are above it
WITH_GHOST_NOTES = ("snare",)


def with_dynamics(notes: list[Note]) -> list[Note]:
    """The same notes with velocities as the map format means them."""
    by_drum = defaultdict(list)
    for index, note in enumerate(notes):
        by_drum[note.drum, "rim" in note.flags].append(index)
    written = list(notes)
    for (drum, _), indices in by_drum.items():
        heard = np.array([notes[index].velocity for index in indices])
        for index, velocity in zip(indices, _written(heard, drum in WITH_GHOST_NOTES), strict=True):
            written[index] = replace(notes[index], velocity=float(velocity))
    return written


def _written(heard: np.ndarray, may_have_ghosts: bool) -> np.ndarray:
    """Velocities of one drum, 0 to 1, by straight lines through what is known of a few."""
    border = _border_of_ghosts(heard) if may_have_ghosts else None
    main = heard[heard >= (MAIN_RATIO * _ordinary(heard) if border is None else border)]
    ordinary = max(float(np.median(main)), SOFTEST)
    deviation = 1.48 * float(np.median(np.abs(main - ordinary)))
    accent = max(ACCENT_RATIO * ordinary, ordinary + ACCENT_DEVIATIONS * deviation)
    if border is None:
        known = [(GHOST_RATIO * ordinary, GHOST)]
    else:
        ghosts = heard[heard < border]
        softest_main = max(np.percentile(main, 10), border)
        known = [
            (min(np.percentile(ghosts, 95), 0.99 * border), GHOST),
            (min(softest_main, 0.97 * ordinary), 0.7),
        ]
    loudest = max(LOUDEST_RATIO * ordinary, accent + 0.1)
    known = [(0.0, SOFTEST), *known, (ordinary, ORDINARY), (accent, ACCENT), (loudest, 1.0)]
    at, written = np.array(known).T
    return np.interp(heard, np.maximum.accumulate(at), written)


def _ordinary(heard: np.ndarray) -> float:
    """The median of the strokes, a hard one counting more: the backbeat, though ghost notes may outnumber it."""
    in_order = np.sort(heard)
    weights = np.cumsum(in_order**2)
    return float(in_order[np.searchsorted(weights, weights[-1] / 2)])


def _border_of_ghosts(heard: np.ndarray) -> float | None:
    """Below it are the strokes that stand apart as soft: across a valley, or far under the others' own spread."""
    in_order = np.sort(heard)
    cuts = np.arange(LEAST_STROKES, len(in_order) - LEAST_STROKES + 1)
    if len(cuts) == 0:
        return None
    sums, above = np.cumsum(in_order), len(in_order) - cuts
    means = np.stack([sums[cuts - 1] / cuts, (sums[-1] - sums[cuts - 1]) / above])
    best = int(((means[1] - means[0]) ** 2 * cuts * above).argmax())  # Otsu's threshold
    soft, hard = means[:, best]
    valley = np.abs(in_order - (soft + hard) / 2) < (hard - soft) / 6
    if soft <= GHOSTS_AT_MOST * hard and valley.mean() <= VALLEY_SHARE:
        return float(in_order[cuts[best] - 1] + in_order[cuts[best]]) / 2
    ordinary = _ordinary(heard)
    deviation = 1.48 * float(np.median(heard[heard >= ordinary] - ordinary))
    share = 1 - GHOST_DEVIATIONS * max(deviation / ordinary, LEAST_DEVIATION)
    border = min(share, GHOSTS_AT_MOST) * ordinary
    return border if (heard < border).sum() >= LEAST_STROKES else None
