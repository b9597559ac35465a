"""python -m training.demo_song --kits DIR: plays, mixes and writes the demo song with its true map.

The band plays through FluidR3; the drums are CC0 and MIT one-shots with a drummer's touch and timing. What
was played is known exactly, so the map beside the song is its truth.
"""

import argparse
import hashlib
import subprocess
from pathlib import Path

import numpy as np
import scipy.ndimage
import scipy.signal

from decoding.sandbox import ffmpeg_path
from training.demo_band import record_band
from training.demo_score import BPM, SECTION_BARS, SONG, STROKES
from training.kits import Library, load_library
from training.rooms import plain_response
from transcription import peaks, score
from transcription.music import Note, Section, TempoMap, TempoMark
from transcription.units import SAMPLE_RATE_HZ, TICKS_PER_QUARTER

OUT = Path("maps/demo")
NAME, TITLE, ARTIST = "paper-lanterns", "Paper Lanterns", "BeatSight House Band"
TEMPO = TempoMap(0.5, (TempoMark(0, float(BPM), 4),))
TICKS_PER_SIXTEENTH = TICKS_PER_QUARTER // 4
LOOSENESS_S = 0.004
DRAG_S = {"snare": 0.004, "hihat_closed": -0.002}  # a little behind, a little ahead
TAIL_S = 2.5

# drum: (kit, level in dB, place from left -1 to right 1, how much of the room)
KIT = {
    "kick": ("gogodze", 1.0, 0.0, 0.05), "snare": ("gogodze", 0.0, 0.05, 0.2),
    "hihat_closed": ("gogodze", -12, 0.4, 0.1), "hihat_open": ("gogodze", -13, 0.4, 0.1),
    "hihat_pedal": ("gogodze", -16, 0.4, 0.1), "tom_high": ("gogodze", -1, -0.25, 0.25),
    "tom_mid": ("gogodze", -1, 0.0, 0.25), "tom_low": ("gogodze", 0, 0.35, 0.25),
    "crash": ("fluidr3_standard", -7, -0.5, 0.15), "ride": ("fluidr3_standard", -11, 0.55, 0.1),
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kits", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(118)
    notes = play_drums(rng)
    drums = record_drums(notes, load_library(options.kits, is_held_out=False), rng)
    band = record_band(len(drums), TEMPO.offset_s)
    song, drums, rest = master(drums, band)
    encode(options.out / f"{NAME}.mp3", song, ["-c:a", "libmp3lame", "-b:a", "112k", *_tags()])
    encode(options.out / f"{NAME}-drums.ogg", drums, ["-c:a", "libopus", "-b:a", "72k"])
    encode(options.out / f"{NAME}-rest.ogg", rest, ["-c:a", "libopus", "-b:a", "72k"])
    write_map(options.out, notes, len(song) / SAMPLE_RATE_HZ)
    peaks.write(options.out / f"{NAME}-peaks.json", song.mean(1), drums.mean(1))


def play_drums(rng: np.random.Generator) -> list[Note]:
    """Every stroke with its place on the grid and where the drummer really put it."""
    notes = []
    for bar, (section, index) in enumerate(SECTION_BARS):
        for drum, strokes in section.drums[index].items():
            for sixteenth, stroke in enumerate(strokes):
                if stroke == "-":
                    continue
                tick = (bar * 16 + sixteenth) * TICKS_PER_SIXTEENTH
                velocity = float(np.clip(STROKES[stroke] + rng.normal(0, 0.04), 0.15, 1))
                played_s = (
                    float(TEMPO.seconds_at(np.array([tick]))[0])
                    + DRAG_S.get(drum, 0)
                    + rng.normal(0, LOOSENESS_S)
                )
                notes.append(Note(tick, drum, velocity, None, played_s))
    return sorted(notes, key=lambda note: note.tick)


def sections() -> list[Section]:
    """The song's parts by the names that they were written under."""
    lengths = [len(part.drums) for part in SONG]
    first_bars = np.cumsum([0, *lengths[:-1]])
    return [
        Section(int(bar) * TEMPO.marks[0].bar_ticks, part.name.capitalize())
        for bar, part in zip(first_bars, SONG, strict=True)
    ]


def record_drums(notes: list[Note], library: Library, rng: np.random.Generator) -> np.ndarray:
    """(samples, 2), unmastered."""
    length = int((notes[-1].performed_s + TAIL_S + 1) * SAMPLE_RATE_HZ)
    tracks, to_room = np.zeros((2, length), np.float32), np.zeros(length, np.float32)
    for index, note in enumerate(notes):
        kit, level_db, place, room = KIT[note.drum]
        sound = _stroke(library, note, kit, level_db, rng)
        if note.drum == "hihat_open":
            sound = _until(sound, note, [n for n in notes[index + 1 :] if n.drum.startswith("hihat")])
        start = int(note.performed_s * SAMPLE_RATE_HZ)
        end = min(length, start + len(sound))
        angle = (place + 1) * np.pi / 4
        tracks[0, start:end] += sound[: end - start] * np.float32(np.cos(angle))
        tracks[1, start:end] += sound[: end - start] * np.float32(np.sin(angle))
        to_room[start:end] += sound[: end - start] * np.float32(room)
    for side in tracks:
        side += scipy.signal.fftconvolve(to_room, plain_response(rng))[:length].astype(np.float32)
    # Close microphones are dull; a mixing desk opens them.
    shelf = scipy.signal.butter(1, 5_000, "highpass", fs=SAMPLE_RATE_HZ, output="sos")
    tracks += 0.9 * scipy.signal.sosfilt(shelf, tracks).astype(np.float32)
    return tracks.T


def _stroke(library: Library, note: Note, kit: str, level_db: float, rng: np.random.Generator) -> np.ndarray:
    variants = library[note.drum][kit]
    articulations = variants.get("dry") or next(iter(variants.values()))
    layers = max(articulations.values(), key=len)
    distance = np.array([abs(layer.velocity - note.velocity) for layer in layers]) + rng.uniform(
        0, 0.08, len(layers)
    )
    shot = layers[int(distance.argmin())]
    gain_db = level_db - shot.level_db + 26 * np.log10(note.velocity)
    return shot.samples.astype(np.float32) / 32_768 * np.float32(10 ** (gain_db / 20))


def _until(sound: np.ndarray, note: Note, later: list[Note]) -> np.ndarray:
    """An open hat rings until the hat is struck or closed again."""
    if not later:
        return sound
    cut = int((later[0].performed_s - note.performed_s) * SAMPLE_RATE_HZ)
    faded = sound[: cut + 900].copy()
    faded[cut:] *= np.linspace(1, 0, max(0, len(faded) - cut), dtype=np.float32)
    return faded


def master(drums: np.ndarray, band: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Song, drums and rest, so that the last two sum to the first: one gain curve drives all three."""
    drums = drums / np.percentile(np.abs(drums), 99.5) * 0.55
    band = band / np.percentile(np.abs(band), 99.5) * 0.42
    mixed = drums + band
    envelope = np.abs(mixed).max(1)
    block = SAMPLE_RATE_HZ // 200
    loud = np.pad(envelope, (0, -len(envelope) % block)).reshape(-1, block).max(1)
    loud = scipy.ndimage.maximum_filter1d(loud, 5)
    gain = scipy.ndimage.uniform_filter1d(np.minimum(1, 0.82 / np.maximum(loud, 1e-6)), 5)
    curve = np.interp(np.arange(len(mixed)), np.arange(len(gain)) * block + block / 2, gain)[:, None]
    fade = np.clip((len(mixed) - np.arange(len(mixed))) / (1.5 * SAMPLE_RATE_HZ), 0, 1)[:, None]
    drums, rest = (part * curve * fade for part in (drums, band))
    ceiling = 0.97 / max(1e-6, np.abs(drums + rest).max())
    drums, rest = (np.float32(part * min(1, ceiling)) for part in (drums, rest))
    return drums + rest, drums, rest


def encode(path: Path, stereo: np.ndarray, codec: list[str]) -> None:
    source = ["-f", "f32le", "-ar", str(SAMPLE_RATE_HZ), "-ac", "2", "-i", "pipe:0"]
    command = [ffmpeg_path(), "-loglevel", "error", "-y", *source, *codec, str(path)]
    subprocess.run(command, input=stereo.astype("<f4").tobytes(), check=True)


def _tags() -> list[str]:
    tags = {
        "title": TITLE,
        "artist": ARTIST,
        "album": "BeatSight demo",
        "genre": "Rock",
        "copyright": "CC0 1.0",
    }
    return [argument for key, value in tags.items() for argument in ("-metadata", f"{key}={value}")]


def write_map(folder: Path, notes: list[Note], duration_s: float) -> None:
    def sha256(name: str) -> str:
        return hashlib.sha256((folder / name).read_bytes()).hexdigest()

    song, stem = f"{NAME}.mp3", f"{NAME}-drums.ogg"
    about = score.About(
        TITLE,
        ARTIST,
        song,
        sha256(song),
        duration_s,
        creator=ARTIST,
        drum_stem=stem,
        drum_stem_sha256=sha256(stem),
    )
    score.write(score.document(notes, TEMPO, about, sections=sections()), folder / f"{NAME}.bsm")


if __name__ == "__main__":
    main()
