"""The sound itself, as samples."""

import os

import numpy as np

from decoding.container import sniff
from decoding.failures import broken, not_audio
from decoding.inspection import LONGEST_S
from decoding.sandbox import MEBIBYTE, Limits, run_ffmpeg


def decode_pcm(
    path: str | os.PathLike[str], rate_hz: int, channels: int, max_duration_s: float = LONGEST_S
) -> np.ndarray:
    """The whole song as float32 (frames, channels), full scale ±1, resampled and mixed to what is asked for.

    Twenty stereo minutes at 44.1 kHz are 423 MB, here and, while decoding, in the folder for temporary files.
    Raises `DecodingFailed`; a file that `inspect` accepted decodes.
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
    return samples[: samples.size // channels * channels].reshape(-1, channels)
