"""Music without drums to play behind a groove: CC0 and BSD-licensed pieces through two MIT-licensed sound fonts.

Each piece is rendered once with fluidsynth (both from Debian) and kept as 16-bit mono in the cache.
Its first bar line is at 0 s and its tempo is constant, so a groove can be laid on its bars.
"""

import csv
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import mido
import numpy as np
import soundfile

from training import band, debian, notes
from training.fluidsynth import render_midi
from training.grooves import Part
from transcription.units import SAMPLE_RATE_HZ

LONGEST_S = 56
DISTORTED = {24: 29, 25: 29, 26: 30, 27: 30, 28: 29}  # clean and acoustic guitars → overdriven, distorted
PIECES_BY_STYLE = {
    "rock": 11, "metal": 10, "pop": 9, "funk": 6, "blues": 5, "reggae": 5, "electronic": 5, "latin": 4, "jazz": 4
}  # fmt: skip
FREEDOOM_PIECES = 56
GUITAR_PACKAGE = "fretsonfire-songs-sectoid"
GUITAR_TRACK = "/usr/share/games/fretsonfire/data/songs/sectoid/{}/guitar.ogg"
GUITAR_SONGS = ("Escape from chaosland", "Feelings", "Metal madness", "War of freedom")
HELD_OUT_GUITAR = "War of freedom"
QUIET = 0.01  # mean amplitude of a stretch that is mostly silence
HELD_OUT_EVERY = 8
DRUM_CHANNEL = 9


@dataclass(frozen=True)
class Piece:
    name: str
    bpm: float
    style: str
    is_held_out: bool


def prepare(grooves: Path, cache: Path, rng: np.random.Generator) -> list[Piece]:
    """Renders what the cache and, beside it, that of single notes lacks. Every eighth piece is held out."""
    notes.prepare(cache.parent / "notes")
    cache.mkdir(parents=True, exist_ok=True)
    pieces = []
    for number, (name, bpm, style, midi) in enumerate(_scores(grooves)):
        is_distorted = rng.random() < 0.5  # drawn for every piece, so that an interrupted run goes on alike
        if not (cache / f"{name}.npy").exists():
            # The second font is compressed and takes long to open, so it plays every fifth piece.
            font = int(number % 5 == 4)
            np.save(cache / f"{name}.npy", _render(midi, cache / name, font, is_distorted=is_distorted))
        pieces.append(Piece(name, bpm, style, number % HELD_OUT_EVERY == HELD_OUT_EVERY - 1))
    pieces += _guitar_tracks(cache)
    (cache / "index.json").write_text(json.dumps([asdict(piece) for piece in pieces], indent=1))
    return pieces


def _scores(grooves: Path) -> Iterator[tuple[str, float, str, bytes]]:
    """Name, tempo, style and MIDI of each piece: generated ones by style, then those of Freedoom at one tempo."""
    rows = list(csv.DictReader((grooves / "generated-backing-index.csv").open()))
    with zipfile.ZipFile(grooves / "generated-backing-midi.zip") as archive:
        for style, count in PIECES_BY_STYLE.items():
            for row in [row for row in rows if row["style"] == style][:count]:
                midi = archive.read("backing/" + row["file"])
                yield Path(row["file"]).stem, float(row["bpm"]), style, midi
    rows = list(csv.DictReader((grooves / "freedoom-index.csv").open()))
    rows = [row for row in rows if row["tempo_events"] == "1" and float(row["seconds"]) > LONGEST_S]
    with zipfile.ZipFile(grooves / "freedoom-music-midi.zip") as archive:
        for row in rows[:FREEDOOM_PIECES]:
            midi = archive.read("freedoom/" + row["file"])
            yield Path(row["file"]).stem, float(row["bpm_first"]), "freedoom", midi


def guitar_songs(*, is_held_out: bool) -> list[str]:
    return [song for song in GUITAR_SONGS if (song == HELD_OUT_GUITAR) == is_held_out]


def guitar_track(song: str) -> Path:
    return debian.file_of(GUITAR_PACKAGE, GUITAR_TRACK.format(song))


def _guitar_tracks(cache: Path) -> list[Piece]:
    """Real electric guitars, recorded without drums, in pieces of `LONGEST_S`; one song is held out.

    Their tempo is taken as 120: they are laid anywhere, never on the bar.
    """
    pieces = []
    for song in GUITAR_SONGS:
        sound = soundfile.read(guitar_track(song), dtype="float32", always_2d=True)[0].mean(1)
        for number, start in enumerate(range(0, len(sound), LONGEST_S * SAMPLE_RATE_HZ)):
            stretch = sound[start : start + LONGEST_S * SAMPLE_RATE_HZ]
            if len(stretch) < 30 * SAMPLE_RATE_HZ or np.abs(stretch).mean() < QUIET:
                continue
            name = f"guitar-{GUITAR_SONGS.index(song)}-{number}"
            np.save(cache / f"{name}.npy", (stretch / np.abs(stretch).max() * 32_000).astype(np.int16))
            pieces.append(Piece(name, 120.0, "guitar", song == HELD_OUT_GUITAR))
    return pieces


def _render(midi: bytes, stem: Path, font: int, *, is_distorted: bool) -> np.ndarray:
    """The first `LONGEST_S` without its drums, as 16 bit."""
    midi_path, wav_path = stem.with_suffix(".mid"), stem.with_suffix(".wav")
    midi_path.write_bytes(midi)
    song = mido.MidiFile(midi_path)
    for track in song.tracks:
        for message in track:
            if message.type == "program_change" and is_distorted:
                message.program = DISTORTED.get(message.program, message.program)
            if message.type == "note_on" and message.channel == DRUM_CHANNEL:
                message.velocity = 0
    song.save(midi_path)
    render_midi(midi_path, wav_path, font=font)
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
        self.instruments = notes.load(cache.parent / "notes")

    def accompany(self, rng: np.random.Generator, part: Part, length: int) -> np.ndarray:
        """`length` samples of music made for this part."""
        return band.play(self.instruments, part, length, rng)

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
