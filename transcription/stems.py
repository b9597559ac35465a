"""Separated tracks as files that every current browser plays: Opus in Ogg, without a gap at the start."""

import subprocess
from pathlib import Path

import numpy as np

from decoding.sandbox import ffmpeg_path
from transcription.units import SAMPLE_RATE_HZ

STEM_BITRATE = "128k"
SAMPLES_AT_ONCE = 1 << 20


def write_stems(folder: Path, song: np.ndarray, drums: np.ndarray) -> dict[str, str]:
    """`drums.ogg` and `rest.ogg`; together they are the song."""
    folder.mkdir(parents=True, exist_ok=True)
    stems = {"drums": "drums.ogg", "rest": "rest.ogg"}
    write_opus(folder / stems["drums"], drums)
    write_opus(folder / stems["rest"], song - drums)
    return stems


def write_opus(path: Path, stereo: np.ndarray) -> None:
    unfinished = path.with_name(path.name + ".part")
    command = [ffmpeg_path(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y", "-f", "f32le"]
    command += ["-ar", str(SAMPLE_RATE_HZ), "-ac", "2", "-i", "pipe:0", "-c:a", "libopus"]
    command += ["-b:a", STEM_BITRATE, "-f", "ogg", str(unfinished)]
    encoder = subprocess.Popen(command, stdin=subprocess.PIPE)
    assert encoder.stdin
    for start in range(0, len(stereo), SAMPLES_AT_ONCE):
        encoder.stdin.write(np.ascontiguousarray(stereo[start : start + SAMPLES_AT_ONCE], "<f4").tobytes())
    encoder.stdin.close()
    if encoder.wait():
        raise OSError(f"ffmpeg could not write {path.name}")
    unfinished.replace(path)
