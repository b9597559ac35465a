"""ffmpeg in a box: bounded wall time, processor time, memory and output; no network, no terminal.

The limits are set by a shell that then becomes ffmpeg, so there is no moment in which it runs without them
and no Python code between fork and exec. The demuxer is always forced by the caller, so that a playlist can't
make ffmpeg open other files. Output and log go to unnamed temporary files, never to a pipe that could fill up
or to memory.
"""

import os
import select
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO

from decoding.failures import DecodingFailed, broken

MEBIBYTE = 1024 * 1024
# An ordinary song takes 0.3 GiB of address space, most of it the program itself and its thread stacks.
ADDRESS_SPACE_BYTES = 2048 * MEBIBYTE
SMALL_OUTPUT_BYTES = 16 * MEBIBYTE
# What is read back of ffmpeg's log: a damaged file can make it write a line for every packet.
LOG_HEAD_BYTES = 256 * 1024
LOG_TAIL_BYTES = 64 * 1024
# Decoders that a song may need; the others (video, subtitles, game music) are attack surface.
DECODERS = (
    "mp3float,mp3,flac,vorbis,opus,libopus,aac,alac,pcm_u8,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_f64le,"
    "pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav"
)

# `ulimit -v` is missing on macOS and `-f` counts blocks of 512 bytes in every POSIX shell.
LIMIT_AND_BECOME = (
    'ulimit -c 0; ulimit -v "$1" 2>/dev/null; ulimit -t "$2"; ulimit -f "$3"; shift 3; exec nice -n 5 "$@"'
)


@cache
def ffmpeg_path() -> str:
    """The bundled ffmpeg: the same build on every machine, with the chromaprint muxer."""
    import imageio_ffmpeg

    return imageio_ffmpeg.get_ffmpeg_exe()


@dataclass(frozen=True)
class Limits:
    wall_s: int = 120
    cpu_s: int = 120
    address_space_bytes: int = ADDRESS_SPACE_BYTES
    output_bytes: int = SMALL_OUTPUT_BYTES


@dataclass(frozen=True)
class FfmpegRun:
    """What ffmpeg left: its exit code, its log (bounded), its standard output as an open file, to be closed."""

    exit_code: int
    log: str
    output: BinaryIO


def run_ffmpeg(
    path: str | os.PathLike[str],
    demuxer: str,
    output_options: Sequence[str],
    *,
    input_options: Sequence[str] = (),
    limits: Limits | None = None,
) -> FfmpegRun:
    """Read `path` with the named demuxer and write to `pipe:1` as `output_options` (which end with it) say.

    A non-zero exit is returned, not raised; running out of time, memory or output space raises
    `DecodingFailed`.
    """
    limits = limits or Limits()
    command = [
        *("/bin/sh", "-c", LIMIT_AND_BECOME, "ffmpeg-limits"),
        *(str(limits.address_space_bytes // 1024), str(limits.cpu_s), str(limits.output_bytes // 512 + 1)),
        *(ffmpeg_path(), "-nostdin", "-hide_banner", "-nostats", "-loglevel", "repeat+level+info"),
        *("-protocol_whitelist", "file", "-codec_whitelist", DECODERS, "-threads", "1", *input_options),
        *("-f", demuxer, "-i", "file:" + os.path.abspath(path)),
        *(
            "-map",
            "0:a:0",
            "-vn",
            "-sn",
            "-dn",
            "-map_metadata",
            "-1",
            "-filter_threads",
            "1",
            *output_options,
        ),
    ]
    with ExitStack() as on_failure, tempfile.TemporaryFile() as log:
        output = on_failure.enter_context(tempfile.TemporaryFile())
        exit_code = _run(command, output, log, limits.wall_s)
        text = _both_ends(log)
        _raise_if_a_limit_was_hit(exit_code, text)
        output.seek(0)
        on_failure.pop_all()
    return FfmpegRun(exit_code, text, output)


def _run(command: list[str], output: BinaryIO, log: BinaryIO, wall_s: int) -> int:
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=log,
        start_new_session=True,
        # One malloc arena: on a machine with many cores the arenas alone would fill the address space.
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "MALLOC_ARENA_MAX": "1"},
    )
    try:
        _let_it_end(process, wall_s)
        return process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        raise _took_too_long() from None
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _let_it_end(process: subprocess.Popen, wall_s: int) -> None:
    """Return when the process has ended; raises TimeoutExpired. Popen's own wait looks only every 50 ms, a quarter
    of what fingerprinting a song takes; where the system can tell, it does."""
    if not hasattr(os, "pidfd_open"):
        process.wait(timeout=wall_s)
        return
    handle = os.pidfd_open(process.pid)
    try:
        ending = select.poll()
        ending.register(handle, select.POLLIN)
        if not ending.poll(wall_s * 1000):
            raise subprocess.TimeoutExpired(process.args, wall_s)
    finally:
        os.close(handle)


def _both_ends(log: BinaryIO) -> str:
    size = log.seek(0, os.SEEK_END)
    log.seek(0)
    head = log.read(LOG_HEAD_BYTES)
    log.seek(max(len(head), size - LOG_TAIL_BYTES))
    return (head + log.read()).decode("utf-8", "replace")


def _raise_if_a_limit_was_hit(exit_code: int, log: str) -> None:
    if exit_code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise _took_too_long()
    if exit_code != 0 and "Cannot allocate memory" in log:
        raise DecodingFailed(
            "out_of_memory",
            "Reading this file takes more memory than we allow. "
            "Save the song as a plain FLAC or MP3 and send that.",
        )
    if exit_code == -signal.SIGXFSZ or "File too large" in log[-LOG_TAIL_BYTES:]:
        raise broken("The file is damaged: what comes out of it has no end.")
    if exit_code < 0:
        raise broken("The file is damaged so badly that the decoder gave up.")


def _took_too_long() -> DecodingFailed:
    return DecodingFailed(
        "timeout", "Reading this file took too long. Save the song as a plain FLAC or MP3 and send that."
    )
