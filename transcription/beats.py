"""Beats and bar lines from the network's beat activations.

First the tempo as it runs through the song: autocorrelation in windows, the best path through them. Then
the beats: dynamic programming over frames (Ellis, "Beat Tracking by Dynamic Programming", 2007), each beat
about one period after the last. Then the bars: how many beats they have and where they begin, from the
network's bar lines and from where kick and snare fall.
"""

import numpy as np

from transcription.music import Beats, Heard
from transcription.units import FRAMES_PER_SECOND, GROUPS

TEMPI_BPM = np.geomspace(52, 215, 240)
# Most rock and pop lies near; twice the tempo must explain a song far better to be believed.
LIKELIEST_BPM, TEMPO_SPREAD_OCTAVES = 110, 0.42
WINDOW_FRAMES, WINDOW_STEP_FRAMES = 1_000, 200
LAGS_FRAMES = 60 * FRAMES_PER_SECOND / TEMPI_BPM
OSCILLATIONS = np.exp(-2j * np.pi * np.outer(TEMPI_BPM / 60 / FRAMES_PER_SECOND, np.arange(WINDOW_FRAMES)))
CARRIERS = (("kick", 0.4), ("snare", 0.5), ("hihat", 0.1), ("cymbal", 0.1))
TEMPO_CHANGE_COST = 6.0  # for a change by an octave from one window to the next
STEADINESS = 600.0  # a beat 4 % off its period costs as much as a full pulse gives
FADED = 0.08  # what never rises further above its median is no pulse
NO_BEAT_BPM = 120.0
METERS = (4, 3)
NEW_BAR_COST = 6.0  # a bar of another length must explain several bars better
KICK_AND_SNARE = 0.25  # weight against the network's own opinion


def find_beats(heard: Heard) -> Beats:
    """Where nothing beats, an even grid of 120 bpm in 4/4 that starts with the song."""
    pulse = _pulse(heard)
    if len(pulse) < 2 * FRAMES_PER_SECOND or np.percentile(pulse, 99) - np.median(pulse) < FADED:
        return _even_grid(len(pulse))
    frames = _track(pulse, _periods(pulse))
    if len(frames) < 4:
        return _even_grid(len(pulse))
    return Beats(_between_frames(pulse, frames), _bar_lines(heard, frames))


def _pulse(heard: Heard) -> np.ndarray:
    """What a foot would tap to, by frame: the network's beats, backed by the drums that carry them."""
    struck = sum(weight * _probability(heard.groups[:, GROUPS.index(group)]) for group, weight in CARRIERS)
    return _probability(heard.beats[:, 0]) + struck


def _even_grid(frames: int) -> Beats:
    count = max(4, int(frames / FRAMES_PER_SECOND * NO_BEAT_BPM / 60) + 1)
    return Beats(np.arange(count) * 60 / NO_BEAT_BPM, np.arange(count) % 4 == 0)


def _periods(pulse: np.ndarray) -> np.ndarray:
    """The beat's period in frames at every frame."""
    starts = np.arange(0, max(1, len(pulse) - WINDOW_FRAMES // 2), WINDOW_STEP_FRAMES)
    padded = np.pad(pulse, (0, WINDOW_FRAMES))
    octaves = np.log2(TEMPI_BPM)
    prior = np.exp(-0.5 * ((octaves - np.log2(LIKELIEST_BPM)) / TEMPO_SPREAD_OCTAVES) ** 2)
    scores = _tempo_scores(np.stack([padded[start : start + WINDOW_FRAMES] for start in starts])) * prior
    change = TEMPO_CHANGE_COST * np.abs(octaves[:, None] - octaves[None, :])
    path = _best_path(scores / (scores.max() + 1e-9), change)
    return np.interp(np.arange(len(pulse)), starts + WINDOW_FRAMES // 2, LAGS_FRAMES[path])


def _tempo_scores(windows: np.ndarray) -> np.ndarray:
    """How well each tempo (column) explains each window (row), by two measures that err in opposite ways.

    What repeats after a beat repeats after two, so autocorrelation also likes slower tempi; a Fourier
    coefficient also likes faster ones. Their product likes the beat (Peeters 2006).
    """
    centred = windows - windows.mean(1, keepdims=True)
    power = np.abs(np.fft.rfft(centred, 2 * WINDOW_FRAMES)) ** 2
    correlation = np.fft.irfft(power)[:, :WINDOW_FRAMES]
    once, twice, four_times = (
        correlation[:, np.clip(np.round(n * LAGS_FRAMES).astype(int), 0, WINDOW_FRAMES - 1)]
        for n in (1, 2, 4)
    )
    # What comes back only every other time is no beat.
    repeats = np.maximum(0, once) * np.maximum(0, once + twice + four_times)
    oscillates = np.abs((centred * np.hanning(WINDOW_FRAMES)) @ OSCILLATIONS.T)
    scale = correlation[:, :1] ** 2 * np.abs(centred).sum(1, keepdims=True)
    return repeats * oscillates / (scale + 1e-6)


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


def _track(pulse: np.ndarray, periods: np.ndarray) -> np.ndarray:
    """The frames of the beats."""
    frames = len(pulse)
    total = pulse.astype(np.float64).copy()
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


def _between_frames(pulse: np.ndarray, frames: np.ndarray) -> np.ndarray:
    """Seconds, placed between frames by the centre of the pulse around each beat."""
    offsets = np.arange(-2, 3)
    around = pulse[np.clip(frames[:, None] + offsets, 0, len(pulse) - 1)] + 1e-3
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
    best_lines[:-1] &= ~best_lines[1:]  # a bar of one beat is the end of the bar before it
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
