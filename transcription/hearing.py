"""Runs the network over a song of any length, in overlapping chunks, so that memory stays bounded.

Twenty minutes cost no more than thirty seconds besides the samples themselves.
"""

from collections.abc import Callable

import numpy as np
import torch

from transcription.music import Heard
from transcription.network import Activations
from transcription.spectrum import HOP_SAMPLES, WINDOW_SAMPLES, log_mel, loudness_gain
from transcription.weights import Ear

CHUNK_FRAMES = 3_000  # 30 s
MARGIN_FRAMES = 200  # 2 s heard on either side and thrown away: the network looks back and ahead


def hear(ear: Ear, samples: np.ndarray, on_progress: Callable[[float], None] = lambda _: None) -> Heard:
    """Mono float32 samples at 44.1 kHz → what is heard in them, frame i at i × 10 ms."""
    sound = torch.from_numpy(np.ascontiguousarray(samples))
    gain = loudness_gain(sound)
    frames = len(sound) // HOP_SAMPLES + 1
    parts: list[Activations] = []
    for first in range(0, frames, CHUNK_FRAMES):
        last = min(first + CHUNK_FRAMES, frames)
        parts.append(_hear_chunk(ear, sound, gain, first, last))
        on_progress(last / frames)
    return Heard(*(torch.cat(columns).numpy() for columns in zip(*parts, strict=True)))


def hear_all(
    ear: Ear, sounds: list[np.ndarray], on_progress: Callable[[float], None] = lambda _: None
) -> Heard:
    """What is heard in several versions of one song, on average.

    A song and the drums that were separated from it err in different ways: what is invented in one, a ride under
    guitars or what the separator left of a voice, is rarely invented in the other.
    """

    def hear_one(done: int) -> Heard:
        return hear(ear, sounds[done], lambda progress: on_progress((done + progress) / len(sounds)))

    heard = [hear_one(done) for done in range(len(sounds))]
    return Heard(*(np.mean(columns, axis=0) for columns in zip(*map(_columns, heard), strict=True)))


def _columns(heard: Heard) -> tuple[np.ndarray, ...]:
    return heard.drums, heard.groups, heard.beats, heard.velocities


@torch.inference_mode()
def _hear_chunk(ear: Ear, sound: torch.Tensor, gain: float, first: int, last: int) -> Activations:
    start = max(0, first - MARGIN_FRAMES)
    end = last + MARGIN_FRAMES
    end += (end - start) % 2  # the network joins frames in pairs
    half_window = WINDOW_SAMPLES // 2
    # A window more on either side, so that no frame sees the edge of the chunk instead of the song.
    from_frame = max(0, start - half_window // HOP_SAMPLES - 1)
    stretch = sound[from_frame * HOP_SAMPLES : end * HOP_SAMPLES + half_window]
    spectrum = log_mel(stretch, gain)[start - from_frame :][: end - start]
    missing = end - start - len(spectrum)
    if missing > 0:
        spectrum = torch.cat([spectrum, spectrum[-1:].expand(missing, -1)])
    heard = ear.network(spectrum.unsqueeze(0).to(ear.device))
    return Activations(*(column[0, first - start : last - start].cpu() for column in heard))
