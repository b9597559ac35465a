"""Separated tracks as files that every current browser plays: Opus in Ogg, without a gap at the start."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np

from decoding.sandbox import ffmpeg_path
from transcription.units import SAMPLE_RATE_HZ

STEM_BITRATE = "128k"
EFFORT = "5"  # of 10, which would cost half as much again at the same rate
# 64 kB, what a pipe holds: while one encoder works on its piece, the other gets its own. And the rest of a long
# song never lies in memory beside the song and its drums.
SAMPLES_AT_ONCE = 1 << 13


def write_stems(folder: Path, song: np.ndarray, drums: np.ndarray) -> dict[str, str]:
    """`drums.ogg` and `rest.ogg`; together they are the song."""
    folder.mkdir(parents=True, exist_ok=True)
    stems = {"drums": "drums.ogg", "rest": "rest.ogg"}
    with opus_file(folder / stems["drums"]) as drum_file, opus_file(folder / stems["rest"]) as rest_file:
        for start in range(0, len(song), SAMPLES_AT_ONCE):
            piece = slice(start, start + SAMPLES_AT_ONCE)
            drum_file.write(np.ascontiguousarray(drums[piece], "<f4").tobytes())
            rest_file.write(np.ascontiguousarray(song[piece] - drums[piece], "<f4").tobytes())
    return stems


@contextmanager
def opus_file(path: Path) -> Iterator[IO[bytes]]:
    """Takes float32 samples of two channels, full scale ±1; the file is there when it is whole."""
    unfinished = path.with_name(path.name + ".part")
    command = [ffmpeg_path(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y", "-f", "f32le"]
    command += ["-ar", str(SAMPLE_RATE_HZ), "-ac", "2", "-i", "pipe:0", "-c:a", "libopus"]
    command += ["-b:a", STEM_BITRATE, "-compression_level", EFFORT, "-f", "ogg", str(unfinished)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin
        yield encoder.stdin
    if encoder.returncode:
        raise OSError(f"ffmpeg could not write {path.name}")
    unfinished.replace(path)
