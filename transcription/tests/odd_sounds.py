"""Sounds that are no ordinary song, made here: what a person might send by mistake, or to see what happens.

Each is mono float32 at 44.1 kHz, full scale ±1.
"""

import numpy as np
from numpy.typing import ArrayLike

from transcription.tests.sounds import hihat, kick, snare
from transcription.units import SAMPLE_RATE_HZ

LASTING_S = 20.0
VOWELS_HZ = ((730, 1090, 2440), (270, 2290, 3010), (570, 840, 2410), (530, 1840, 2480), (300, 870, 2240))
CHORDS = ((0, 4, 7), (-3, 0, 4), (-7, -3, 0), (-5, -1, 2))  # semitones above the key: I vi IV V
KEY_HZ = 220.0


def seconds(lasting_s: float = LASTING_S) -> np.ndarray:
    return np.arange(int(lasting_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ


def silence() -> np.ndarray:
    return np.zeros(len(seconds()), np.float32)


def white_noise() -> np.ndarray:
    return _level(np.random.default_rng(3).standard_normal(len(seconds())))


def sine() -> np.ndarray:
    return _level(np.sin(2 * np.pi * 440 * seconds()))


def speech() -> np.ndarray:
    """Babble: syllables of a consonant's hiss and a voice with the formants of a vowel, with pauses for breath."""
    rng = np.random.default_rng(6)
    sound, at_s = np.zeros(len(seconds())), 0.2
    while at_s < LASTING_S - 1:
        hiss_s, vowel_s = rng.uniform(0.03, 0.12), rng.uniform(0.08, 0.25)
        if rng.random() < 0.7:
            _put(sound, at_s, 0.15 * _hiss(hiss_s, rng))
        pitch_hz = rng.uniform(95, 150) * np.linspace(1, rng.uniform(0.8, 1.1), int(vowel_s * SAMPLE_RATE_HZ))
        _put(sound, at_s + hiss_s, _voice(pitch_hz, VOWELS_HZ[rng.integers(5)]))
        at_s += hiss_s + vowel_s + (rng.uniform(0.3, 0.8) if rng.random() < 0.15 else 0.02)
    return _level(sound)


def a_cappella() -> np.ndarray:
    """Three voices that hold chords, with vibrato, a vowel a second."""
    rng = np.random.default_rng(7)
    sound = np.zeros(len(seconds()))
    for note in range(int(LASTING_S)):
        for semitones in CHORDS[note // 2 % 4]:
            lasting = seconds(0.95)
            vibrato = 1 + 0.008 * np.sin(2 * np.pi * 5.5 * lasting + rng.uniform(0, 6))
            pitch_hz = KEY_HZ * 2 ** (semitones / 12) * vibrato
            _put(sound, note + rng.uniform(0, 0.03), _voice(pitch_hz, VOWELS_HZ[note % 5]))
    return _level(sound)


def band_without_a_drummer() -> np.ndarray:
    """A plucked guitar in eighths, a bass and a held organ, at 110 bpm."""
    rng = np.random.default_rng(8)
    sound, beat_s = np.zeros(len(seconds())), 60 / 110
    for eighth in range(int(LASTING_S / beat_s * 2) - 1):
        chord = CHORDS[eighth // 8 % 4]
        at_s = eighth * beat_s / 2
        for number, semitones in enumerate(chord):
            _put(sound, at_s + 0.006 * number, _pluck(2 * KEY_HZ * 2 ** (semitones / 12), 0.6, rng))
        _put(sound, at_s, 0.8 * _pluck(KEY_HZ / 4 * 2 ** (chord[0] / 12), 0.4, rng))
    held = seconds()
    root = np.array([CHORDS[index][0] for index in (held / (4 * beat_s)).astype(int) % 4])
    return _level(sound + 0.4 * np.sin(2 * np.pi * np.cumsum(KEY_HZ * 2 ** (root / 12)) / SAMPLE_RATE_HZ))


def drums_at(beats_s: ArrayLike) -> np.ndarray:
    """Kick and snare in turn on the beats, hats on them and between them."""
    beats = np.asarray(beats_s, float)
    sound = np.zeros(int((beats[-1] + 1.5) * SAMPLE_RATE_HZ))
    for number, at_s in enumerate(beats):
        _put(sound, at_s, kick() if number % 2 == 0 else snare())
        _put(sound, at_s, hihat())
        if number + 1 < len(beats):
            _put(sound, (at_s + beats[number + 1]) / 2, hihat())
    return _level(sound)


CHANGING_BPM = (96, 132)


def tempo_change() -> np.ndarray:
    """Ten bars at one tempo, then twelve at another."""
    return drums_at(BEATS_S[tempo_change])


def rubato() -> np.ndarray:
    """A tempo that sways between 80 and 120 bpm every twelve seconds."""
    return drums_at(BEATS_S[rubato])


def _swaying() -> np.ndarray:
    beats_s = [0.5]
    while beats_s[-1] < 40:
        beats_s.append(beats_s[-1] + 60 / (100 + 20 * np.sin(2 * np.pi * beats_s[-1] / 12)))
    return np.array(beats_s)


BEATS_S = {
    tempo_change: 0.5 + np.cumsum(np.repeat([60 / bpm for bpm in CHANGING_BPM], [40, 48])),
    rubato: _swaying(),
}


def _voice(pitch_hz: np.ndarray, formants_hz: tuple[int, ...]) -> np.ndarray:
    """Harmonics of a gliding pitch, each as strong as the formants near it let it be."""
    phase = 2 * np.pi * np.cumsum(pitch_hz) / SAMPLE_RATE_HZ
    middle_hz = float(np.median(pitch_hz))
    sound = np.zeros(len(pitch_hz))
    for harmonic in range(1, int(4_000 / middle_hz)):
        gain = sum(1 / (1 + ((harmonic * middle_hz - formant) / 90) ** 2) for formant in formants_hz)
        sound += (0.02 + gain) / harmonic**0.5 * np.sin(harmonic * phase)
    return sound * _fade(len(sound), 0.02)


def _hiss(lasting_s: float, rng: np.random.Generator) -> np.ndarray:
    sound = np.diff(rng.standard_normal(int(lasting_s * SAMPLE_RATE_HZ) + 1))
    return sound * _fade(len(sound), 0.01)


def _pluck(hz: float, lasting_s: float, rng: np.random.Generator) -> np.ndarray:
    times = seconds(lasting_s)
    partials = range(1, 9)
    sound = sum(
        np.sin(2 * np.pi * n * hz * times + rng.uniform(0, 6)) * np.exp(-times * 3 * n**0.7) / n
        for n in partials
    )
    return sound * np.minimum(1, times / 0.003)


def _fade(length: int, lasting_s: float) -> np.ndarray:
    ramp = np.minimum(np.arange(length), np.arange(length)[::-1]) / (lasting_s * SAMPLE_RATE_HZ)
    return np.minimum(1, ramp)


def _put(sound: np.ndarray, at_s: float, part: np.ndarray) -> None:
    start = int(at_s * SAMPLE_RATE_HZ)
    part = part[: max(0, len(sound) - start)]
    sound[start : start + len(part)] += part


def _level(sound: np.ndarray) -> np.ndarray:
    return (0.5 * sound / np.abs(sound).max()).astype(np.float32)
