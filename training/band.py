"""A band that listens to its drummer: bass on the kick, guitars on the accents, keys, and somebody who sings.

Music that merely runs beside the drums teaches that whatever is together with a kick is a kick. In songs bass
and kick fall together on purpose, guitars are struck where the snare is, and consonants lie between the hats.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from scipy.signal import butter, lfilter

from training.grooves import Part
from training.notes import Instrument
from training.tracks import lay
from training.voice import sing
from transcription.units import SAMPLE_RATE_HZ

MINOR, MAJOR = (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 5, 7, 9, 11)
PROGRESSIONS = (
    (0,),
    (0, 3),
    (0, 5, 3, 4),
    (0, 3, 4, 4),
    (0, 6, 5, 6),
    (0, 4, 5, 3),
    (0, 0, 3, 0),
)  # scale degrees
ACCENTS = ("kick", "snare", "crash")
# How far from the strict time players are.
LOOSENESS_S = 0.008

Instruments = dict[str, list[Instrument]]


class Score:
    """One key, one progression, and the drummer's accents, for a part."""

    def __init__(self, part: Part, length_s: float, rng: np.random.Generator) -> None:
        self.rng, self.length_s = rng, length_s
        self.beat_s = 60 / part.bpm
        self.root = int(rng.integers(0, 12))
        self.scale = MINOR if rng.random() < 0.6 else MAJOR
        self.bar_lines_s = np.array([s for s, is_line in part.beats if is_line] or [0.0])
        degrees = PROGRESSIONS[rng.integers(len(PROGRESSIONS))]
        every = int(rng.choice([1, 1, 2]))
        self.degrees = [degrees[(bar // every) % len(degrees)] for bar in range(len(self.bar_lines_s))]
        self.accents_s = {
            drum: np.array([h.time_s for h in part.hits if h.component.startswith(drum)]) for drum in ACCENTS
        }
        self.start_s = part.first_bar_s

    def grid_s(self, steps_by_beat: float, share: float = 1.0, shift: float = 0.0) -> np.ndarray:
        times = np.arange(self.start_s + shift * self.beat_s, self.length_s, self.beat_s / steps_by_beat)
        return times[self.rng.random(len(times)) < share]

    def pitch_at(self, time_s: float, degree: int = 0) -> int:
        """Semitones above a C, of a step of the scale on the chord at this time."""
        bar = max(0, int(np.searchsorted(self.bar_lines_s, time_s + 0.03)) - 1)
        step = self.degrees[bar] + degree
        return self.root + 12 * (step // 7) + self.scale[step % 7]

    def loose(self, times_s: np.ndarray) -> np.ndarray:
        return np.sort(times_s + self.rng.normal(0, LOOSENESS_S, len(times_s)))


def play(instruments: Instruments, part: Part, samples: int, rng: np.random.Generator) -> np.ndarray:
    """Mono float32 of `samples` samples: some of bass, one or two guitars, keys, a lead and a voice."""
    score = Score(part, samples / SAMPLE_RATE_HZ, rng)
    players: list[tuple[float, float, Callable[[], np.ndarray]]] = [
        (0.85, 0.0, lambda: _bass(score, instruments, samples)),
        (0.6, -1.0, lambda: _guitar(score, instruments, samples)),
        (0.35, -2.0, lambda: _guitar(score, instruments, samples)),
        (0.45, -5.0, lambda: _keys(score, instruments, samples)),
        (0.2, -3.0, lambda: _lead(score, instruments, samples)),
        (0.45, 0.0, lambda: _voice(score, samples)),
    ]
    music = np.zeros(samples, np.float32)
    for share, level_db, played in players:
        if rng.random() < share:
            sound = played()
            level = np.sqrt(np.square(sound).mean()) + 1e-6
            music += sound / level * np.float32(10 ** ((level_db + rng.normal(0, 4)) / 20))
    return music


def _bass(score: Score, instruments: Instruments, samples: int) -> np.ndarray:
    rng = score.rng
    instrument = _one_of(instruments["bass"], rng)
    style = rng.random()
    if style < 0.5 and len(score.accents_s["kick"]):
        times = score.accents_s["kick"]
        if rng.random() < 0.5:
            times = np.concatenate([times, score.grid_s(2, 0.15)])
    else:
        times = score.grid_s(float(rng.choice([1, 2, 2, 4, 3])), rng.uniform(0.7, 1))
    times = _apart(score.loose(times), 0.08)
    held = rng.uniform(0.4, 1)
    sound = np.zeros(samples, np.float32)
    for time_s, until_s in _held(times, score.length_s):
        pitch = 28 + (score.pitch_at(time_s, int(rng.choice([0, 0, 0, 0, 2, 4]))) + 8) % 17
        lay(sound, instrument.note(pitch, held * min(until_s - time_s, 1.9)) * rng.uniform(0.7, 1), time_s)
    return _driven(sound, rng.uniform(2, 8)) if rng.random() < 0.25 else sound


def _guitar(score: Score, instruments: Instruments, samples: int) -> np.ndarray:
    rng = score.rng
    instrument = _one_of(instruments["guitar"], rng)
    is_distorted = rng.random() < 0.6
    times, held_s, is_muted = _strumming(score)
    strings = (0, 7, 12) if is_distorted else (0, 4, 7, 12, 16)
    sound = np.zeros(samples, np.float32)
    for time_s, until_s in _held(times, score.length_s):
        pitch = 40 + (score.pitch_at(time_s) - 4) % 12
        length_s = min(until_s - time_s, held_s, 1.9)
        is_palm_mute = is_muted and rng.random() < 0.75
        spread_s = rng.uniform(0, 0.012)
        loudness = rng.uniform(0.6, 1)
        for number, interval in enumerate(strings):
            string = instrument.note(pitch + interval, length_s)
            if is_palm_mute:
                string = string * np.exp(
                    -np.arange(len(string)) / (rng.uniform(0.03, 0.09) * SAMPLE_RATE_HZ)
                ).astype(np.float32)
            lay(sound, string * np.float32(loudness), time_s + number * spread_s)
        if rng.random() < 0.3:  # a dead stroke: the pick on damped strings
            pick = rng.standard_normal(900).astype(np.float32) * np.exp(
                -np.arange(900, dtype=np.float32) / 250
            )
            lay(sound, pick * np.float32(rng.uniform(0.05, 0.4) * loudness), time_s)
    return _driven(sound, float(np.exp(rng.uniform(np.log(3), np.log(60))))) if is_distorted else sound


def _strumming(score: Score) -> tuple[np.ndarray, float, bool]:
    """When the guitar is struck, how long a chord may ring (s), and whether the palm damps it."""
    rng = score.rng
    style = rng.choice(
        ["accents", "eighths", "sixteenths", "bars", "offbeats", "pattern"],
        p=[0.25, 0.25, 0.1, 0.15, 0.08, 0.17],
    )
    if style == "accents":
        times = np.concatenate(
            [score.accents_s["kick"], score.accents_s["snare"] if rng.random() < 0.4 else []]
        )
    elif style == "eighths":
        times = score.grid_s(2, rng.uniform(0.8, 1))
    elif style == "sixteenths":
        times = score.grid_s(4, rng.uniform(0.6, 1))
    elif style == "bars":
        times = np.concatenate([score.bar_lines_s, score.accents_s["crash"]])
    elif style == "offbeats":
        times = score.grid_s(1, 1, 0.5)
    else:
        steps = score.grid_s(4)
        times = steps[np.tile(rng.random(16) < rng.uniform(0.2, 0.6), len(steps) // 16 + 1)[: len(steps)]]
    held_s = rng.uniform(0.08, 0.4) if style == "offbeats" or rng.random() < 0.2 else 2.0
    return _apart(score.loose(times), 0.06), held_s, bool(rng.random() < 0.45)


def _keys(score: Score, instruments: Instruments, samples: int) -> np.ndarray:
    rng = score.rng
    instrument = _one_of(instruments["keys"], rng)
    times = (
        score.bar_lines_s
        if rng.random() < 0.4
        else score.grid_s(float(rng.choice([1, 2, 4])), rng.uniform(0.4, 1))
    )
    is_arpeggio = rng.random() < 0.35
    sound = np.zeros(samples, np.float32)
    times = _apart(score.loose(times), 0.06)
    for number, (time_s, until_s) in enumerate(_held(times, score.length_s)):
        degrees = ((0, 2, 4, 2)[number % 4],) if is_arpeggio else (0, 2, 4)
        for degree in degrees:
            lay(
                sound,
                instrument.note(60 + (score.pitch_at(time_s, degree) % 12), min(until_s - time_s, 1.9)),
                time_s,
            )
    return sound


def _lead(score: Score, instruments: Instruments, samples: int) -> np.ndarray:
    rng = score.rng
    instrument = _one_of(instruments["keys"] + instruments["guitar"], rng)
    times = _apart(score.loose(score.grid_s(float(rng.choice([1, 2, 4])), rng.uniform(0.3, 0.8))), 0.06)
    sound = np.zeros(samples, np.float32)
    degree = 0
    for time_s, until_s in _held(times, score.length_s):
        degree = int(np.clip(degree + rng.integers(-2, 3), -3, 9))
        lay(
            sound,
            instrument.note(64 + (score.pitch_at(time_s, degree) - 4) % 24, min(until_s - time_s, 1.9)),
            time_s,
        )
    return _driven(sound, rng.uniform(5, 60)) if instrument.section == "guitar" else sound


def _voice(score: Score, samples: int) -> np.ndarray:
    rng = score.rng
    is_woman = rng.random() < 0.5
    times = score.loose(score.grid_s(float(rng.choice([1, 2, 2, 4])), rng.uniform(0.4, 0.8)))
    times = _apart(times[rng.random(len(times)) < 0.9], 0.12)
    low = 57 if is_woman else 46
    pitches = np.array([low + (score.pitch_at(t, int(rng.integers(0, 6))) - low) % 17 for t in times])
    return (
        sing(times, pitches, samples, rng, is_woman=is_woman) if len(times) else np.zeros(samples, np.float32)
    )


def _driven(sound: np.ndarray, drive: float) -> np.ndarray:
    """Through a distorting amplifier and the loudspeaker of a cabinet, which gives nothing above 5 kHz or so."""
    peak = np.percentile(np.abs(sound[::5]), 99.5) + 1e-6
    return lfilter(*CABINET, np.tanh(sound / peak * drive)).astype(np.float32)


CABINET = butter(2, (90, 5200), "band", fs=SAMPLE_RATE_HZ)


def _one_of(instruments: list[Instrument], rng: np.random.Generator) -> Instrument:
    return instruments[rng.integers(len(instruments))]


def _held(times_s: np.ndarray, end_s: float) -> Iterator[tuple[float, float]]:
    """Each time with the next one, at which its note must have ended."""
    return pairwise([*times_s, end_s])


def _apart(times_s: np.ndarray, least_s: float) -> np.ndarray:
    kept, last_s = [], -1.0
    for time_s in np.sort(times_s):
        if time_s >= max(0, last_s + least_s):
            kept.append(time_s)
            last_s = time_s
    return np.array(kept)
