"""Music without drums to play behind a groove: CC0 pieces through the MIT-licensed FluidR3 sound font.

Each piece is rendered once with fluidsynth (both from Debian) and kept as 16-bit mono in the cache.
Its first bar line is at 0 s and its tempo is constant, so a groove can be laid on its bars.
"""

import csv
import json
import os
import subprocess
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path

import mido
import numpy as np
import soundfile

from transcription.units import SAMPLE_RATE_HZ

SOUND_FONT = Path(os.environ.get("SOUND_FONT", "/usr/share/sounds/sf2/FluidR3_GM.sf2"))
LONGEST_S = 56
DISTORTED = {24: 29, 25: 29, 26: 30, 27: 30, 28: 29}  # clean and acoustic guitars → overdriven, distorted
PIECES_BY_STYLE = {
    "rock": 14, "metal": 13, "pop": 9, "funk": 6, "blues": 5, "reggae": 5, "electronic": 5, "latin": 4, "jazz": 4
}  # fmt: skip


@dataclass(frozen=True)
class Piece:
    name: str
    bpm: float
    style: str
    is_held_out: bool


def prepare(grooves: Path, cache: Path, rng: np.random.Generator) -> list[Piece]:
    """Renders what the cache lacks. Every eighth piece is held out from training."""
    cache.mkdir(parents=True, exist_ok=True)
    rows = list(csv.DictReader((grooves / "generated-backing-index.csv").open()))
    chosen = []
    for style, count in PIECES_BY_STYLE.items():
        chosen += [row for row in rows if row["style"] == style][:count]
    pieces = []
    with zipfile.ZipFile(grooves / "generated-backing-midi.zip") as archive:
        for row in chosen:
            name = Path(row["file"]).stem
            midi = archive.read("backing/" + row["file"])
            if not (cache / f"{name}.npy").exists():
                np.save(cache / f"{name}.npy", _render(midi, cache / name, is_distorted=rng.random() < 0.5))
            pieces.append(Piece(name, float(row["bpm"]), row["style"], len(pieces) % 8 == 7))
    (cache / "index.json").write_text(json.dumps([asdict(piece) for piece in pieces], indent=1))
    return pieces


def render_midi(midi_path: Path, wav_path: Path, gain: float = 0.5) -> None:
    """A MIDI file through FluidR3 to a 44.1 kHz stereo WAV."""
    command = ["fluidsynth", "-ni", "-q", "-r", str(SAMPLE_RATE_HZ), "-g", str(gain), "-F", str(wav_path)]
    subprocess.run([*command, str(SOUND_FONT), str(midi_path)], check=True, capture_output=True)


def _render(midi: bytes, stem: Path, *, is_distorted: bool) -> np.ndarray:
    midi_path, wav_path = stem.with_suffix(".mid"), stem.with_suffix(".wav")
    midi_path.write_bytes(midi)
    if is_distorted:
        song = mido.MidiFile(midi_path)
        for track in song.tracks:
            for message in track:
                if message.type == "program_change":
                    message.program = DISTORTED.get(message.program, message.program)
        song.save(midi_path)
    render_midi(midi_path, wav_path)
    samples = soundfile.read(wav_path, dtype="float32", always_2d=True)[0].mean(1)[
        : LONGEST_S * SAMPLE_RATE_HZ
    ]
    midi_path.unlink()
    wav_path.unlink()
    return (samples / max(np.abs(samples).max(), 1e-6) * 32_000).astype(np.int16)


class BackingBand:
    """Hands out stretches of music that fit a groove's tempo and bars."""

    def __init__(self, cache: Path, *, is_held_out: bool) -> None:
        pieces = [Piece(**row) for row in json.loads((cache / "index.json").read_text())]
        self.pieces = [piece for piece in pieces if piece.is_held_out == is_held_out]
        self.cache = cache

    def play(
        self, rng: np.random.Generator, bpm: float, first_bar_s: float, length: int, *, is_on_the_bar: bool
    ) -> np.ndarray:
        """`length` samples at `bpm` (half and double time count as fitting), resampled by up to a third."""
        piece, rate = self.pieces[0], 1.0
        for _ in range(20):
            piece = self.pieces[rng.integers(len(self.pieces))]
            rate = bpm / piece.bpm
            rate = rate / 2 if rate > 1.42 else rate * 2 if rate < 0.7 else rate
            if 0.75 <= rate <= 1.35:
                break
        else:
            rate = 1.0
        samples = np.load(self.cache / f"{piece.name}.npy", mmap_mode="r")
        spare_s = len(samples) / SAMPLE_RATE_HZ - length * rate / SAMPLE_RATE_HZ - 1
        bar_s = 240 / piece.bpm
        if is_on_the_bar:
            start_s = rng.integers(max(1, int(spare_s / bar_s))) * bar_s - first_bar_s * rate
        else:
            start_s = rng.uniform(0, max(0.1, spare_s))
        positions = np.arange(length) * rate + start_s * SAMPLE_RATE_HZ
        low, high = max(0, int(positions[0])), min(len(samples), int(positions[-1]) + 2)
        stretch = np.asarray(samples[low:high], np.float32) / 32_768
        played = np.interp(positions - low, np.arange(len(stretch)), stretch, left=0, right=0)
        return played.astype(np.float32)
