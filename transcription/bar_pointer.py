"""A pointer that runs through the bars of a song: at which beat of which kind of bar it is, and how fast it goes.

The likeliest path is found by Viterbi over the states of Krebs, Böck and Widmer, "An efficient state space model
for joint tempo and meter tracking" (2015), but with explicit durations: a beat is one step. As no beat is
shorter than a block of steps, whole blocks are computed at once.
"""

from dataclasses import dataclass

import numpy as np

from transcription.explaining import BARS_BEGIN, IMPOSSIBLE, PERIODS_STEPS, POSITIONS
from transcription.patterns import BARS

LENGTHS_STEPS = np.round(PERIODS_STEPS).astype(int)
UNEVEN_STEPS = (-1, 0, 1)  # a beat may be that much longer or shorter than its tempo says
# How far beats usually lie from even: 3 % of a beat, and a third of a step because steps are coarse.
UNEVENNESS_STEPS = 0.03 * PERIODS_STEPS + 0.3
# What it costs, in nats. All but drifting happens at a bar line.
DRIFT = 3.0  # to the next tempo, 4 % off
OTHER_FEEL, OTHER_METER = 3.0, 10.0
CUT_BAR = 12.0  # a bar begins before the last one is full
OTHER_TEMPO = 14.0  # any, together with all of the above

UNEVEN_COSTS = np.array(
    [0.5 * ((LENGTHS_STEPS + uneven - PERIODS_STEPS) / UNEVENNESS_STEPS) ** 2 for uneven in UNEVEN_STEPS],
    np.float32,
)
BARS_END = BARS_BEGIN + [bar.beats - 1 for bar in BARS]
NEXT_BAR = np.array(
    [[0 if a is b else OTHER_FEEL if a.beats == b.beats else OTHER_METER for b in BARS] for a in BARS],
    np.float32,
)
LEAD_STEPS = int(LENGTHS_STEPS[-1]) + 1  # nothing lies further back than one beat


@dataclass(frozen=True)
class Path:
    """Beats in order of time: the step at which each begins, the index of its bar in `BARS`, its place there."""

    steps: np.ndarray
    bars: np.ndarray
    places: np.ndarray


def follow(scores: np.ndarray) -> Path:
    """`scores` (tempi, steps, positions) as `explained` gives them; at least one slow beat long."""
    begun = _begun(scores)
    states = [_last_state(begun)]
    while (before := _before(begun, *states[-1])) is not None:
        states.append(before)
    times, _, positions = np.array(states[::-1]).T
    bars = np.searchsorted(BARS_BEGIN, positions, side="right") - 1
    return Path(times - LEAD_STEPS, bars, positions - BARS_BEGIN[bars])


def _begun(scores: np.ndarray) -> np.ndarray:
    """The best score of a path whose last beat begins at a step, what that beat gives included.

    The same shape as `scores`, but with `LEAD_STEPS` before the song in which nothing is possible.
    """
    begun = np.pad(scores, ((0, 0), (LEAD_STEPS, 0), (0, 0)), constant_values=IMPOSSIBLE)
    block = int(LENGTHS_STEPS[0] + UNEVEN_STEPS[0])
    for start in range(LEAD_STEPS, begun.shape[1], block):
        times = np.arange(start, min(start + block, begun.shape[1]))
        ended = _ended(begun, times)
        drifted = ended.copy()
        np.maximum(drifted[1:], ended[:-1] - DRIFT, out=drifted[1:])
        np.maximum(drifted[:-1], ended[1:] - DRIFT, out=drifted[:-1])
        arrived = np.empty_like(ended)
        arrived[..., 1:] = drifted[..., :-1]
        full = (drifted[..., BARS_END, None] - NEXT_BAR).max(2)
        cut = np.maximum(drifted.max(2) - CUT_BAR, ended.max((0, 2)) - OTHER_TEMPO)
        arrived[..., BARS_BEGIN] = np.maximum(full, cut[..., None])
        if start < 2 * LEAD_STEPS:  # the song may begin with any beat
            is_early = times < 2 * LEAD_STEPS
            arrived[:, is_early] = np.maximum(arrived[:, is_early], 0)
        begun[:, times] += arrived
    return begun


def _ended(begun: np.ndarray, times: np.ndarray) -> np.ndarray:
    """The best score of a path that ends a beat at each of `times` → (tempi, times, positions) of that beat."""
    tempi = np.arange(len(LENGTHS_STEPS))[:, None]
    options = [
        begun[tempi, times - LENGTHS_STEPS[:, None] - uneven] - costs[:, None, None]
        for uneven, costs in zip(UNEVEN_STEPS, UNEVEN_COSTS, strict=True)
    ]
    return np.maximum(np.maximum(options[0], options[1]), options[2])


def _last_state(begun: np.ndarray) -> tuple[int, int, int]:
    """Time, tempo and position of the best last beat: one that would end after the song."""
    steps = begun.shape[1]
    tail = np.arange(steps - LEAD_STEPS, steps)
    is_last = tail + LENGTHS_STEPS[:, None] >= steps
    final = np.where(is_last[..., None], begun[:, tail], IMPOSSIBLE)
    tempo, time, position = np.unravel_index(final.argmax(), final.shape)
    return int(tail[time]), int(tempo), int(position)


def _before(begun: np.ndarray, time: int, tempo: int, position: int) -> tuple[int, int, int] | None:
    """The state from which the best path came, found again instead of remembered; None at the song's first beat."""
    tempo_cost = np.full(len(LENGTHS_STEPS), -IMPOSSIBLE)
    tempo_cost[max(0, tempo - 1) : tempo + 2] = DRIFT
    tempo_cost[tempo] = 0
    position_cost = np.full(POSITIONS, -IMPOSSIBLE)
    if position in BARS_BEGIN:
        position_cost[:] = CUT_BAR
        position_cost[BARS_END] = np.minimum(NEXT_BAR[:, list(BARS_BEGIN).index(position)], CUT_BAR)
        cost = np.minimum(tempo_cost[:, None] + position_cost, OTHER_TEMPO)
    else:
        position_cost[position - 1] = 0
        cost = tempo_cost[:, None] + position_cost
    options = _ended(begun, np.array([time]))[:, 0] - cost
    earlier_tempo, earlier_position = divmod(int(options.argmax()), POSITIONS)
    if time < 2 * LEAD_STEPS and options.max() <= 0:
        return None
    lengths = LENGTHS_STEPS[earlier_tempo] + np.array(UNEVEN_STEPS)
    ways = begun[earlier_tempo, time - lengths, earlier_position] - UNEVEN_COSTS[:, earlier_tempo]
    return time - int(lengths[ways.argmax()]), earlier_tempo, earlier_position
