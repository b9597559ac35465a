"""python -m training.separator_data --kits DIR --grooves DIR: pairs of drums and music, to be mixed and parted again.

Each pair is one performance on one virtual kit and a band that plays along, at times with a real guitar or a
voice. Both lie in the cache as 16-bit sound, not added up: training adds them at levels of its own.
Pairs for training and held-out pairs share no kit, performance, backing piece, guitar or voice.
"""

import argparse
import subprocess
from pathlib import Path

import numpy as np
import scipy.fft
import soundfile
import torch

from training import backing, grooves, kits, mixing, rooms, sources
from training.data import CACHE
from transcription.units import SAMPLE_RATE_HZ

SEPARATOR_CACHE = CACHE / "separator"
PERFORMANCES_BY_SHARD = 30
MIXES_BY_PERFORMANCE = 2
SHARDS = {"held-out": 2, "train": 20}  # of 16 minutes
SEEDS = {"held-out": 2, "train": 3}
GUITAR_SHARE = 0.15
VOICE_SHARE = 0.2
# Of espeak-ng, whose speech stands in for singing: what matters here are vowels that glide and hissing consonants.
VOICES = {"train": ("en-us", "en-gb+f2", "de+f4", "es+m3", "it+f1", "pt+m5"), "held-out": ("fr+f3", "sv+m7")}
VOICE_S = 40
PEAK = 29_000  # of 32 767


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kits", type=Path, required=True)
    parser.add_argument("--grooves", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument(
        "--shards", type=int, default=SHARDS["train"], help="of 16 minutes each, for training"
    )
    options = parser.parse_args()
    torch.set_num_threads(1)
    sources.check(options.kits, options.grooves)
    backing.prepare(options.grooves, options.cache / "backing", np.random.default_rng(1))
    for use, count in (("held-out", SHARDS["held-out"]), ("train", options.shards)):
        render_shards(use, options.kits, options.grooves, options.cache, count)


def render_shards(use: str, kits_folder: Path, grooves_folder: Path, cache: Path, count: int) -> None:
    """Shards that exist are kept, so an interrupted run goes on where it stopped."""
    is_held_out = use == "held-out"
    library = kits.load_library(kits_folder, is_held_out=is_held_out)
    performances = grooves.load_grooves(grooves_folder, "validation" if is_held_out else "train")
    band = backing.BackingBand(cache / "backing", is_held_out=is_held_out)
    guests = {GUITAR_SHARE: guitars(is_held_out=is_held_out), VOICE_SHARE: voices(use)}
    folder = cache / "separator" / use
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        path = folder / f"shard-{number:03d}.npy"
        if path.exists():
            continue
        rng = np.random.default_rng([number, SEEDS[use]])
        pairs: list[np.ndarray] = []
        for _ in range(PERFORMANCES_BY_SHARD):
            kit = kits.VirtualKit(library, rng, is_held_out=is_held_out)
            part = grooves.arrange(performances, rng, mixing.CLIP_S)
            tracks, _ = mixing.record(kit, part)
            spectra = scipy.fft.rfft(tracks, axis=1)
            for _ in range(MIXES_BY_PERFORMANCE):
                drums = mixing.drum_bus(spectra, rng)
                music = with_guests(mixing.play_along(part, band, rng), guests, rng)
                pairs.append(np.stack([_as_16_bit(drums), _as_16_bit(music)]))
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            np.save(file, np.stack(pairs))
        unfinished.rename(path)
        print(path, flush=True)


def load_pairs(folder: Path) -> list[np.ndarray]:
    """Each (2, samples) int16, drums and music, read from disk only where it is used."""
    return [pair for path in sorted(folder.glob("shard-*.npy")) for pair in np.load(path, mmap_mode="r")]


def guitars(*, is_held_out: bool) -> list[np.ndarray]:
    """The guitar tracks of four songs, played by people, mono."""
    return [_read(backing.guitar_track(song)) for song in backing.guitar_songs(is_held_out=is_held_out)]


def voices(use: str) -> list[np.ndarray]:
    """Invented syllables, spoken by espeak-ng at several pitches."""
    rng = np.random.default_rng(SEEDS[use])
    return [_speak(voice, pitch, rng) for voice in VOICES[use] for pitch in (25, 60, 95)]


def _speak(voice: str, pitch: int, rng: np.random.Generator) -> np.ndarray:
    syllables = ["".join(rng.choice(list(part)) for part in ("sfktpchlmrzvbd", "aeiou")) for _ in range(200)]
    words = " ".join(a + b for a, b in zip(syllables[::2], syllables[1::2], strict=True))
    command = ["espeak-ng", "-v", voice, "-p", str(pitch), "-s", "110", "--stdout", words]
    spoken = subprocess.run(command, check=True, capture_output=True).stdout
    samples = np.frombuffer(spoken[44:], "<i2").astype(np.float32) / 32_768  # after the header of a WAV
    positions = np.arange(0, len(samples) - 1, 22_050 / SAMPLE_RATE_HZ)  # espeak-ng speaks at 22 050 Hz
    return np.interp(positions, np.arange(len(samples)), samples)[: VOICE_S * SAMPLE_RATE_HZ].astype(
        np.float32
    )


def with_guests(
    music: np.ndarray, guests: dict[float, list[np.ndarray]], rng: np.random.Generator
) -> np.ndarray:
    for share, recordings in guests.items():
        if not recordings or rng.random() >= share:
            continue
        recording = recordings[rng.integers(len(recordings))]
        start = rng.integers(max(1, len(recording) - len(music)))
        guest = np.pad(recording[start : start + len(music)], (0, max(0, len(music) - len(recording))))
        if rng.random() < 0.5:
            room = rooms.plain_response(rng)
            guest = scipy.fft.irfft(
                scipy.fft.rfft(guest, mixing.PADDED_SAMPLES)
                * (0.3 * scipy.fft.rfft(room, mixing.PADDED_SAMPLES) + 1)
            )[: len(music)]
        level = 10 ** (rng.uniform(-6, 8) / 20)
        music = music / (music.std() + 1e-6) + level * guest / (guest.std() + 1e-6)
    return music.astype(np.float32)


def _read(path: Path) -> np.ndarray:
    samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples.mean(1)
    positions = np.arange(0, len(mono) - 1, rate_hz / SAMPLE_RATE_HZ)
    return np.interp(positions, np.arange(len(mono)), mono).astype(np.float32)


def _as_16_bit(samples: np.ndarray) -> np.ndarray:
    return (samples / (np.abs(samples).max() + 1e-6) * PEAK).astype(np.int16)


if __name__ == "__main__":
    main()
