"""How well each beat of each kind of bar, at each tempo, explains what is heard where it would begin.

Events come as in a Poisson process whose rate follows the bar's patterns. So an event where none belongs and a
place where one is missing cost as much as one that fits gives, and neither double nor half the tempo explains
a song as well as its own: it finds strokes between its beats, or none upon them.
"""

import numpy as np

from transcription.evidence import blurred
from transcription.patterns import BARS, COMPOUND, STREAMS, Bar, expected
from transcription.units import FRAMES_PER_SECOND

FRAMES_PER_STEP = 2
STEPS_PER_SECOND = FRAMES_PER_SECOND // FRAMES_PER_STEP
PERIODS_STEPS = np.exp(np.arange(np.log(60 / 216), np.log(60 / 38) + 0.04, 0.04)) * STEPS_PER_SECOND  # by 4 %
BARS_BEGIN = np.cumsum([0, *(bar.beats for bar in BARS)])[:-1]  # the positions on which bars begin
POSITIONS = sum(bar.beats for bar in BARS)
IMPOSSIBLE = np.float32(-1e9)

DENSITY_HZ = 20.0  # of events at the centre of a place that expects one: they spread by 18 ms
# By stream: events off every grid a second at least, and the weight of its word: the strokes of one beat hang
# together, so none of them speaks for itself alone.
STRAY_HZ = np.array([0.3, 0.2, 0.4, 0.4, 0.6, 0.4, 0.2])
WEIGHTS = np.array([1.0, 1.0, 0.4, 0.4, 0.25, 0.15, 0.4])
FEWEST_HZ = {"beat": 0.8, "bar line": 0.2}  # that a network hears of the slowest music, if it hears any
LEAST_PRESENCE = 0.02
LIKELIEST_BPM, TEMPO_SPREAD_OCTAVES = 112, 0.6
TEMPO_DOUBT = 0.15  # nats a second for a tempo as far from the likeliest as the spread


def explained(events: np.ndarray) -> np.ndarray:
    """(frames, streams) → nats by (tempo, step, position), for a beat that begins at that step."""
    steps = len(events) // FRAMES_PER_STEP
    longest_frames = int(PERIODS_STEPS[-1] + 2) * FRAMES_PER_STEP
    around = np.pad(blurred(events), ((0, longest_frames), (0, 0)))
    presence, stray_hz = _presence(events), _stray_hz(events)
    scores = np.full((len(PERIODS_STEPS), steps, POSITIONS), IMPOSSIBLE, np.float32)
    for bar, begin in zip(BARS, BARS_BEGIN, strict=True):
        table = expected(bar) * presence
        reward = (np.log1p(table * DENSITY_HZ / stray_hz) * WEIGHTS).astype(np.float32)
        reward = reward.reshape(len(bar.patterns) * bar.beats, -1)
        price = (table * WEIGHTS).sum((2, 3)).reshape(-1, 1).astype(np.float32)
        for tempo, period in enumerate(PERIODS_STEPS):
            slowest, fastest = bar.beats_per_minute
            if not slowest <= 60 * STEPS_PER_SECOND / period <= fastest:
                continue
            places = np.round(np.arange(bar.division) / bar.division * period * FRAMES_PER_STEP).astype(int)
            found = np.concatenate(
                [around[p : p + steps * FRAMES_PER_STEP : FRAMES_PER_STEP] for p in places], 1
            )
            fits = (reward @ found.T - price).reshape(len(bar.patterns), bar.beats, steps).max(0)
            scores[tempo, :, begin : begin + bar.beats] = fits.T - np.float32(
                bar.rarity + _doubt(bar, period)
            )
    return scores


def _presence(events: np.ndarray) -> np.ndarray:
    """How much of what is expected a stream can give: from a network that is unsure of beats, or hears few, less."""
    total = events.sum(0)
    sureness = (events**2).sum(0) / np.maximum(total, 1e-9)
    rates_hz = total / np.maximum(sureness, 1e-9) / (len(events) / FRAMES_PER_SECOND)
    fewest_hz = np.array([FEWEST_HZ.get(name, 0) for name in STREAMS])
    heard = sureness * np.clip(rates_hz / np.maximum(fewest_hz, 1e-9), 0, 1)
    return np.where(fewest_hz > 0, np.maximum(heard, LEAST_PRESENCE), 1)


def _stray_hz(events: np.ndarray) -> np.ndarray:
    """Events a second that belong to no place: of what a network is half sure of, half is one."""
    unsure_hz = (events * (1 - events)).sum(0) / (len(events) / FRAMES_PER_SECOND)
    is_told = [name in FEWEST_HZ for name in STREAMS]
    return np.where(is_told, np.maximum(STRAY_HZ, unsure_hz), STRAY_HZ)


def _doubt(bar: Bar, period_steps: float) -> float:
    """Nats a beat against tempi that are seldom taken."""
    quarters_per_beat = 1.5 if bar.division == COMPOUND else 1
    quarters_per_minute = 60 * STEPS_PER_SECOND / period_steps * quarters_per_beat
    octaves = np.log2(quarters_per_minute / LIKELIEST_BPM)
    return float(TEMPO_DOUBT * (octaves / TEMPO_SPREAD_OCTAVES) ** 2 * period_steps / STEPS_PER_SECOND)
