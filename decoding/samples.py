"""The sound itself, as samples."""

import os
from dataclasses import dataclass

import numpy as np

from decoding.container import sniff
from decoding.failures import broken, not_audio
from decoding.inspection import LONGEST_S, damage
from decoding.sandbox import MEBIBYTE, Limits, run_ffmpeg


@dataclass(frozen=True)
class Sound:
    samples: np.ndarray  # float32 (frames, channels), full scale ±1
    damage: (
        str | None
    )  # what is missing of the song, for people; None where the file is whole, or was cut by us


def decode_pcm(
    path: str | os.PathLike[str], rate_hz: int, channels: int, max_duration_s: float = LONGEST_S
) -> Sound:
    """The whole song, resampled and mixed to what is asked for.

    Twenty stereo minutes at 44.1 kHz are 423 MB, here and, while decoding, in the folder for temporary files.
    Raises `DecodingFailed`; a file that `inspect` accepted decodes, and without damage.
    """
    container = sniff(path)
    if container is None:
        raise not_audio()
    run = run_ffmpeg(
        path,
        container.demuxer,
        ("-ar", str(rate_hz), "-ac", str(channels), "-c:a", "pcm_f32le", "-f", "f32le", "pipe:1"),
        input_options=("-t", str(max_duration_s)),
        limits=Limits(output_bytes=round((max_duration_s + 10) * rate_hz * channels * 4) + MEBIBYTE),
    )
    with run.output as output:
        samples = np.fromfile(output, dtype="<f4")
    if samples.size < channels:
        raise broken("No sound can be read from this file.")
    if not np.isfinite(samples).all():
        raise broken("The file holds numbers that are no sound.")
    samples = samples[: samples.size // channels * channels].reshape(-1, channels)
    duration_s = len(samples) / rate_hz
    is_cut = duration_s > max_duration_s - 1
    return Sound(samples, None if is_cut else damage(path, container, run.log, duration_s))
