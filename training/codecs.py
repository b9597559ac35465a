"""What an MP3 or Ogg file leaves of a sound, at the rates in which songs lie on people's disks."""

import subprocess
import tempfile
from pathlib import Path

import numpy as np

from decoding.sandbox import ffmpeg_path
from transcription.units import SAMPLE_RATE_HZ

# A file is written, not piped: only so do encoder and decoder agree on the delay, and labels stay where they are.
CHOICES = (
    ("mp3", "libmp3lame", (96, 128, 160, 192)),
    ("ogg", "libvorbis", (80, 112, 160)),
    ("opus", "libopus", (64, 96)),
)


def through_a_codec(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Mono float32 of full scale → as many samples, coded and decoded again."""
    suffix, encoder, rates_kbps = CHOICES[rng.integers(len(CHOICES))]
    peak = np.abs(samples).max() + 1e-9
    raw = ["-f", "f32le", "-ar", str(SAMPLE_RATE_HZ), "-ac", "1"]
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / f"coded.{suffix}")
        encode = [*raw, "-i", "pipe:0", "-c:a", encoder, "-b:a", f"{rng.choice(rates_kbps)}k", path]
        _ffmpeg(encode, (samples / peak * 0.9).astype("<f4").tobytes())
        decoded = np.frombuffer(_ffmpeg(["-i", path, *raw, "pipe:1"]), "<f4")
    return np.pad(decoded[: len(samples)], (0, max(0, len(samples) - len(decoded)))) * np.float32(peak / 0.9)


def _ffmpeg(arguments: list[str], sound: bytes = b"") -> bytes:
    command = [ffmpeg_path(), "-hide_banner", "-loglevel", "error", "-threads", "1", "-y", *arguments]
    return subprocess.run(command, input=sound, check=True, stdout=subprocess.PIPE).stdout
