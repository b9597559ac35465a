"""A Chromaprint fingerprint of a file, by the bundled ffmpeg's own muxer inside the decoding room's limits.

It gives the same codes as `fpcalc`, which therefore isn't looked for: one program less that must be there,
and none that reads hostile files without limits.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from catalog.fingerprints.packing import codes_to_bytes, compress, decompress
from decoding.container import sniff
from decoding.failures import broken, not_audio
from decoding.sandbox import run_ffmpeg

# fpcalc's and AcoustID's length; 948 codes.
LISTENED_S = 120
# Chromaprint's CHROMAPRINT_ALGORITHM_TEST2, the one that AcoustID knows.
ALGORITHM = 1
# A code a third of a 4,096-sample frame at 11,025 Hz. Source: Chromaprint,
# src/fingerprinter_configuration.cpp.
CODE_S = 4096 / 3 / 11_025

DURATION = re.compile(r"^\[info\]   Duration: (\d+):(\d\d):(\d\d)\.(\d\d)", re.M)


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """`codes`: uint32 (codes,), one each 0.124 s; `duration_ms`: of the whole song, not of the part listened to."""

    codes: np.ndarray
    duration_ms: int
    algorithm: int = ALGORITHM

    @cached_property
    def compressed(self) -> str:
        return compress(self.codes, self.algorithm)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the stored codes, hexadecimal: equal only for the very same fingerprint."""
        return hashlib.sha256(codes_to_bytes(self.codes)).hexdigest()


def fingerprint(
    path: str | os.PathLike[str], length_s: int = LISTENED_S, duration_ms: int | None = None
) -> Fingerprint:
    """The fingerprint of a file's first two minutes; raises `DecodingFailed`.

    `duration_ms` is the song's as inspected; without it the header's claim is taken.
    """
    container = sniff(path)
    if container is None:
        raise not_audio()
    run = run_ffmpeg(
        path,
        container.demuxer,
        (
            "-t",
            str(length_s),
            "-f",
            "chromaprint",
            "-algorithm",
            str(ALGORITHM),
            "-fp_format",
            "raw",
            "pipe:1",
        ),
    )
    with run.output as output:
        stored = output.read()
    codes = np.frombuffer(stored, np.uint32).copy()
    if run.exit_code != 0 or not len(codes):
        raise broken("No fingerprint can be made of this file.")
    if duration_ms is None:
        duration_ms = _promised_ms(run.log) or round(len(codes) * CODE_S * 1000)
    return Fingerprint(codes, duration_ms)


def from_compressed(text: str, duration_ms: int) -> Fingerprint:
    """A fingerprint that a browser made, a hint only; raises `InvalidFingerprint`."""
    codes, algorithm = decompress(text)
    return Fingerprint(codes, duration_ms, algorithm)


def _promised_ms(log: str) -> int | None:
    promised = DURATION.search(log)
    if promised is None:
        return None
    hours, minutes, seconds, hundredths = map(int, promised.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + hundredths * 10
