"""Synthesised songs with known answers, the same for a seed on every machine.

A song is a key, a tempo, a chord loop, a melody, a bass line and a drum kit, all drawn from one seeded
generator. Songs of different seeds differ as songs do; songs that share `tempo_bpm` and `key` differ in notes
only.
"""

import subprocess
from functools import lru_cache
from pathlib import Path

import numpy as np

from decoding.sandbox import ffmpeg_path

RATE_HZ = 44_100
MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)


def make_song(
    seed: int,
    duration_s: float = 40.0,
    *,
    tempo_bpm: float | None = None,
    key: int | None = None,
) -> np.ndarray:
    """A piece of music, float32 (frames, 2) at 44.1 kHz, peak 0.7. `key` is a MIDI note, 48 to 59."""
    random = np.random.default_rng(seed)
    drawn_tempo, drawn_key = random.uniform(84, 168), int(random.integers(48, 60))
    beat_s = 60 / (tempo_bpm or drawn_tempo)
    scale = MAJOR if random.random() < 0.5 else MINOR
    root = drawn_key if key is None else key
    beats = int(duration_s / beat_s) + 1
    sound = np.zeros((round(duration_s * RATE_HZ), 2), np.float32)

    chords = random.integers(0, 7, (8, 4))
    melody_rhythm = random.choice([0.5, 1.0, 1.5, 2.0], 64)
    for bar in range(beats // 4 + 1):
        section = (bar // 8 + int(random.integers(0, 2))) % 8
        degree = int(chords[section, bar % 4])
        start_s = bar * 4 * beat_s
        for third in (0, 2, 4):
            pitch = _pitch(root, scale, degree + third)
            _add(
                sound,
                start_s,
                _tone(pitch, 4 * beat_s, harmonics=6, decay_s=3.0),
                0.10,
                pan=0.35 + third / 12,
            )
        for eighth in range(8):
            bass = _pitch(root - 12, scale, degree + (4 if random.random() < 0.15 else 0))
            _add(
                sound, start_s + eighth * beat_s / 2, _tone(bass, beat_s / 2, harmonics=4, decay_s=0.4), 0.22
            )
        _drum_bar(sound, start_s, beat_s, random)
    time_s, step = 0.0, int(random.integers(0, 7))
    for note in range(int(beats / 0.5)):
        step = int(np.clip(step + random.integers(-3, 4), -3, 11))
        length_s = float(melody_rhythm[note % 64]) * beat_s
        if time_s >= duration_s:
            break
        _add(
            sound,
            time_s,
            _tone(_pitch(root + 12, scale, step), length_s, harmonics=5, decay_s=1.0),
            0.16,
            pan=0.6,
        )
        time_s += length_s
    return (sound * (0.7 / np.abs(sound).max())).astype(np.float32)


def write_audio(path: Path, samples: np.ndarray, *options: str, rate_hz: int = RATE_HZ) -> Path:
    """Encode (frames, channels) as the path's suffix says; `options` are ffmpeg's, for the output."""
    command = [
        ffmpeg_path(),
        "-v",
        "error",
        "-y",
        "-f",
        "f32le",
        "-ar",
        str(rate_hz),
        "-ac",
        str(samples.shape[1]),
    ]
    command += ["-i", "pipe:0", *options, str(path)]
    subprocess.run(command, input=samples.astype("<f4").tobytes(), check=True, timeout=120)
    return path


def _drum_bar(sound: np.ndarray, start_s: float, beat_s: float, random: np.random.Generator) -> None:
    for eighth in range(8):
        at_s = start_s + eighth * beat_s / 2
        _add(sound, at_s, _noise(0.04, random), 0.10, pan=0.7)
        if eighth in (0, 4) or random.random() < 0.2:
            _add(sound, at_s, _kick(), 0.5)
        if eighth in (2, 6):
            _add(sound, at_s, _noise(0.15, random), 0.3)


def _pitch(root: int, scale: tuple[int, ...], degree: int) -> float:
    """Hertz of a scale degree above the root, a MIDI note."""
    octave, step = divmod(degree, 7)
    return 440.0 * 2 ** ((root + 12 * octave + scale[step] - 69) / 12)


@lru_cache(maxsize=128)
def _tone(pitch_hz: float, length_s: float, *, harmonics: int, decay_s: float) -> np.ndarray:
    time_s = np.arange(int(length_s * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * pitch_hz * time_s
    wave = sum(np.sin(phase * number) / number for number in range(1, harmonics + 1))
    envelope = (
        np.minimum(time_s / 0.005, 1) * np.exp(-time_s / decay_s) * np.minimum((length_s - time_s) / 0.01, 1)
    )
    return wave * envelope


def _noise(decay_s: float, random: np.random.Generator) -> np.ndarray:
    time_s = np.arange(int(4 * decay_s * RATE_HZ)) / RATE_HZ
    return random.uniform(-1, 1, len(time_s)) * np.exp(-time_s / decay_s)


@lru_cache(maxsize=1)
def _kick() -> np.ndarray:
    time_s = np.arange(int(0.25 * RATE_HZ)) / RATE_HZ
    return np.sin(2 * np.pi * (50 * time_s - 4 * np.exp(-time_s / 0.03))) * np.exp(-time_s / 0.08)


def _add(sound: np.ndarray, start_s: float, wave: np.ndarray, gain: float, pan: float = 0.5) -> None:
    first = int(start_s * RATE_HZ)
    wave = wave[: max(0, len(sound) - first)]
    sound[first : first + len(wave), 0] += (wave * gain * (1 - pan) * 2).astype(np.float32)
    sound[first : first + len(wave), 1] += (wave * gain * pan * 2).astype(np.float32)
