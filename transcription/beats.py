"""Beats and bar lines from the network's beat activations.

First the tempo as it runs through the song: autocorrelation in windows, the best path through them. Then
the beats: dynamic programming over frames (Ellis, "Beat Tracking by Dynamic Programming", 2007), each beat
about one period after the last. Then the bars: how many beats they have and where they begin, from the
network's bar lines and from where kick and snare fall.
"""

import numpy as np

from transcription.hearing import Heard
from transcription.music import Beats
from transcription.units import FRAMES_PER_SECOND, GROUPS

TEMPI_BPM = np.geomspace(52, 215, 120)
LIKELIEST_BPM, TEMPO_SPREAD_OCTAVES = 118, 0.75
WINDOW_FRAMES, WINDOW_STEP_FRAMES = 1_000, 200
TEMPO_CHANGE_COST = 6.0  # for a change by an octave from one window to the next
STEADINESS = 12.0  # how much a beat off its period costs against a full activation
FADED = 0.08  # an activation that never rises above this hears no beat
NO_BEAT_BPM = 120.0
METERS = (4, 3)
NEW_BAR_COST = 6.0  # a bar of another length must explain several bars better
KICK_AND_SNARE = 0.25  # weight against the network's own opinion


def find_beats(heard: Heard) -> Beats:
    """Where nothing beats, an even grid of 120 bpm in 4/4 that starts with the song."""
    activation = _probability(heard.beats[:, 0])
    if len(activation) < 2 * FRAMES_PER_SECOND or np.percentile(activation, 99) < FADED:
        return _even_grid(len(activation))
    frames = _track(activation, _periods(activation))
    if len(frames) < 4:
        return _even_grid(len(activation))
    return Beats(_between_frames(activation, frames), _bar_lines(heard, frames))


def _even_grid(frames: int) -> Beats:
    count = max(4, int(frames / FRAMES_PER_SECOND * NO_BEAT_BPM / 60) + 1)
    return Beats(np.arange(count) * 60 / NO_BEAT_BPM, np.arange(count) % 4 == 0)


def _periods(activation: np.ndarray) -> np.ndarray:
    """The beat's period in frames at every frame."""
    starts = np.arange(0, max(1, len(activation) - WINDOW_FRAMES // 2), WINDOW_STEP_FRAMES)
    lags = 60 * FRAMES_PER_SECOND / TEMPI_BPM
    octaves = np.log2(TEMPI_BPM)
    prior = -0.5 * ((octaves - np.log2(LIKELIEST_BPM)) / TEMPO_SPREAD_OCTAVES) ** 2
    scores = np.stack([_tempo_scores(activation[s : s + WINDOW_FRAMES], lags) for s in starts])
    change = TEMPO_CHANGE_COST * np.abs(octaves[:, None] - octaves[None, :])
    path = _best_path(scores + 0.3 * prior, change)
    return np.interp(np.arange(len(activation)), starts + WINDOW_FRAMES // 2, lags[path])


def _tempo_scores(window: np.ndarray, lags: np.ndarray) -> np.ndarray:
    """How well each lag explains the window: its multiples must repeat too, and its half must not.

    A period of two beats repeats as well as one of a beat; that its half repeats gives it away.
    """
    centred = np.pad(window, (0, max(0, WINDOW_FRAMES - len(window)))) - window.mean()
    spectrum = np.fft.rfft(centred, 4 * WINDOW_FRAMES)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)[: WINDOW_FRAMES // 2]
    correlation /= correlation[0] + 1e-6

    def at(lag: np.ndarray) -> np.ndarray:
        return np.interp(lag, np.arange(len(correlation)), correlation, right=0)

    return (
        at(lags)
        + 0.6 * at(2 * lags)
        + 0.4 * at(3 * lags)
        + 0.4 * at(4 * lags)
        - 0.6 * np.maximum(0, at(lags / 2))
    )


def _best_path(scores: np.ndarray, change: np.ndarray) -> np.ndarray:
    """Viterbi: the state by row that maximises the sum of scores less the cost of changes."""
    total, came_from = scores[0], []
    for row in scores[1:]:
        options = total[None, :] - change
        came_from.append(options.argmax(1))
        total = options.max(1) + row
    path = [int(total.argmax())]
    for pointers in reversed(came_from):
        path.append(int(pointers[path[-1]]))
    return np.array(path[::-1])


def _track(activation: np.ndarray, periods: np.ndarray) -> np.ndarray:
    """The frames of the beats."""
    frames = len(activation)
    total = activation.astype(np.float64).copy()
    previous = np.full(frames, -1)
    shortest, longest = (0.75 * periods).astype(int), (1.35 * periods).astype(int) + 1
    costs: dict[int, np.ndarray] = {}
    for frame in range(int(shortest[0]) + 1, frames):
        low, high = max(0, frame - longest[frame]), frame - shortest[frame]
        if high <= low:
            continue
        period = periods[frame]
        key = round(period * 4)
        if key not in costs or len(costs[key]) < longest[frame] + 2:
            gaps = np.arange(1, longest[frame] + 3)
            costs[key] = STEADINESS * np.log(gaps * 4 / key) ** 2
        options = total[low:high] - costs[key][frame - high : frame - low][::-1]
        best = int(options.argmax())
        if options[best] > 0:
            total[frame] += options[best]
            previous[frame] = low + best
    frame = int(total[-int(longest[-1]) :].argmax()) + max(0, frames - int(longest[-1]))
    beats = [frame]
    while previous[frame] >= 0:
        frame = int(previous[frame])
        beats.append(frame)
    return np.array(beats[::-1])


def _between_frames(activation: np.ndarray, frames: np.ndarray) -> np.ndarray:
    """Seconds, placed between frames by the centre of the activation around each beat."""
    offsets = np.arange(-2, 3)
    around = activation[np.clip(frames[:, None] + offsets, 0, len(activation) - 1)] + 1e-3
    return (frames + (around * offsets).sum(1) / around.sum(1)) / FRAMES_PER_SECOND


def _bar_lines(heard: Heard, frames: np.ndarray) -> np.ndarray:
    """Which beats begin a bar, for the meter that explains the whole song best."""
    near = np.clip(frames[:, None] + np.arange(-2, 3), 0, len(heard.beats) - 1)
    line = np.clip(heard.beats[near, 1].max(1), -6, 6) / 3
    kick = _probability(heard.groups[near, GROUPS.index("kick")].max(1))
    snare = _probability(heard.groups[near, GROUPS.index("snare")].max(1))
    evidence = line - line.mean() + KICK_AND_SNARE * (kick - kick.mean() - snare + snare.mean())
    best_score, best_lines = -np.inf, np.zeros(len(frames), bool)
    for beats_per_bar in METERS:
        score, positions = _bar_path(evidence, beats_per_bar)
        # Longer bars have fewer lines to find, so compare what a line gives on average.
        if score / len(frames) * beats_per_bar > best_score:
            best_score, best_lines = score / len(frames) * beats_per_bar, positions == 0
    return best_lines


def _bar_path(evidence: np.ndarray, beats_per_bar: int) -> tuple[float, np.ndarray]:
    """The place in the bar of every beat: counting on, unless beginning anew pays for itself."""
    total = np.zeros(beats_per_bar)
    total[0] = evidence[0]
    came_from = []
    for value in evidence[1:]:
        pointers = (np.arange(beats_per_bar) - 1) % beats_per_bar
        best = int(total.argmax())
        if total[best] - NEW_BAR_COST > total[pointers[0]]:
            pointers[0] = best
            total = np.append(total[best] - NEW_BAR_COST, total[:-1])
        else:
            total = np.roll(total, 1)
        total[0] += value
        came_from.append(pointers)
    position = int(total.argmax())
    positions = [position]
    for pointers in reversed(came_from):
        position = int(pointers[position])
        positions.append(position)
    return float(total.max()), np.array(positions[::-1])


def _probability(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
