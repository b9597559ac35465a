"""Single notes of bass, guitars and keys, to be played in time with a drummer.

fluidsynth plays every note of some General MIDI programs once, through one of two MIT-licensed sound fonts
(Debian: fluid-soundfont-gm, musescore-general-soundfont); the cache keeps them.
"""

from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np
import soundfile

from training.fluidsynth import FONT_PACKAGES, render_midi
from transcription.units import SAMPLE_RATE_HZ

NOTE_S = 2.0
RELEASE_S = 0.03
BASS = {"programs": (32, 33, 34, 35, 36, 38, 39), "pitches": range(26, 54, 2)}
GUITAR = {"programs": (24, 25, 26, 27, 28), "pitches": range(38, 78, 2)}
KEYS = {
    "programs": (0, 4, 5, 16, 18, 19, 48, 50, 52, 56, 61, 62, 65, 80, 81, 89, 90),
    "pitches": range(44, 86, 3),
}
SECTIONS = {"bass": BASS, "guitar": GUITAR, "keys": KEYS}


@dataclass(frozen=True)
class Instrument:
    section: str
    lowest: int
    notes: np.ndarray  # (semitones, samples) int16

    def note(self, pitch: float, length_s: float) -> np.ndarray:
        """float32 mono, released after `length_s`; beyond its range an octave nearer."""
        semitone = round(pitch) - self.lowest
        while semitone >= len(self.notes):
            semitone -= 12
        while semitone < 0:
            semitone += 12
        length = min(int((length_s + RELEASE_S) * SAMPLE_RATE_HZ), self.notes.shape[1])
        sound = self.notes[semitone][:length].astype(np.float32) / np.float32(32_768)
        release = min(length, int(RELEASE_S * SAMPLE_RATE_HZ))
        sound[length - release :] *= np.linspace(1, 0, release, dtype=np.float32)
        return sound


def prepare(cache: Path) -> None:
    """Renders what the cache lacks: 29 programs, each through one font and the next through the other."""
    cache.mkdir(parents=True, exist_ok=True)
    number = 0
    for section, choice in SECTIONS.items():
        for program in choice["programs"]:
            number += 1
            path = cache / f"{section}-{program}.npy"
            if not path.exists():
                font = number % len(FONT_PACKAGES)
                np.save(path, _render(program, np.array(choice["pitches"]), cache / path.stem, font))


def load(cache: Path) -> dict[str, list[Instrument]]:
    """The instruments of each section that `prepare` has rendered."""
    return {
        section: [
            _tuned(section, np.array(choice["pitches"]), np.load(path))
            for path in sorted(cache.glob(f"{section}-*.npy"))
        ]
        for section, choice in SECTIONS.items()
    }


def _tuned(section: str, pitches: np.ndarray, notes: np.ndarray) -> Instrument:
    """All semitones, those between the rendered ones by a note played faster."""
    length = int(notes.shape[1] / 2 ** (np.diff(pitches).max() / 12)) - 2
    semitones = np.arange(pitches[0], pitches[-1] + 1)
    tuned = np.empty((len(semitones), length), np.int16)
    for row, pitch in enumerate(semitones):
        below = int(np.searchsorted(pitches, pitch, side="right")) - 1
        positions = np.arange(length) * 2 ** ((pitch - pitches[below]) / 12)
        tuned[row] = np.interp(positions, np.arange(notes.shape[1]), notes[below])
    return Instrument(section, int(pitches[0]), tuned)


def _render(program: int, pitches: np.ndarray, stem: Path, font: int) -> np.ndarray:
    song = mido.MidiFile(ticks_per_beat=500)  # at 120 bpm a tick is a millisecond
    track = mido.MidiTrack()
    song.tracks.append(track)
    track.append(mido.Message("program_change", program=program))
    for pitch in pitches:
        track.append(mido.Message("note_on", note=int(pitch), velocity=100))
        track.append(mido.Message("note_off", note=int(pitch), time=int(NOTE_S * 900)))
        track.append(mido.MetaMessage("marker", text="", time=int(NOTE_S * 100)))
    midi_path, wav_path = stem.with_suffix(".mid"), stem.with_suffix(".wav")
    song.save(midi_path)
    render_midi(midi_path, wav_path, font=font)
    sound = soundfile.read(wav_path, dtype="float32", always_2d=True)[0].mean(1)
    midi_path.unlink()
    wav_path.unlink()
    length = int(NOTE_S * SAMPLE_RATE_HZ)
    sound = np.pad(sound, (0, max(0, length * len(pitches) - len(sound))))[: length * len(pitches)]
    notes = sound.reshape(len(pitches), length)
    return (notes / np.abs(notes).max(1, keepdims=True).clip(1e-4) * 30_000).astype(np.int16)
