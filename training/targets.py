"""What the network should answer for a clip, frame by frame, and the batches it is trained on."""

from dataclasses import dataclass

import numpy as np
import torch

from training.clips import PERCUSSION, Clip
from transcription.spectrum import BANDS, FLOOR
from transcription.units import DRUMS, FRAMES_PER_SECOND, GROUP_OF_DRUM, GROUPS

INAUDIBLE_VELOCITY = 0.13  # a hit this soft is neither demanded nor forbidden
RARE_DRUMS = [DRUMS.index(name) for name in ("hihat_pedal", "tom_high", "tom_mid", "tom_low", "crash")]
RARE_SHARE = 0.35  # of the excerpts are chosen around a rare drum
NEIGHBOUR = 0.5  # target one frame beside an onset: where in 10 ms it lies is not to be guessed


@dataclass(frozen=True)
class Target:
    """Columns: drums, then groups, then beat and bar line. Half precision, for twelve hours fit in memory."""

    onsets: np.ndarray  # (frames, drums + groups + 2) in 0..1
    weights: np.ndarray  # the same shape
    velocities: np.ndarray  # (frames, groups), 0 where nothing is struck
    rare_s: np.ndarray


def target_of(clip: Clip) -> Target:
    frames = len(clip.spectrum)
    drums, groups = len(DRUMS), len(GROUPS)
    onsets = np.zeros((frames, drums + groups + 2), np.float32)
    weights = np.ones_like(onsets)
    velocities = np.zeros((frames, groups), np.float32)
    for time_s, drum, velocity in clip.hits:
        frame, columns = round(float(time_s) * FRAMES_PER_SECOND), _columns(int(drum))
        if frame >= frames:
            continue
        if velocity < INAUDIBLE_VELOCITY:
            weights[max(0, frame - 2) : frame + 3, columns] = 0
            continue
        _mark(onsets, frame, columns)
        struck = velocities[max(0, frame - 1) : frame + 2, columns[-1] - drums]
        np.maximum(struck, velocity, out=struck)
    for time_s, is_bar_line in clip.beats:
        frame = round(float(time_s) * FRAMES_PER_SECOND)
        if frame < frames:
            _mark(onsets, frame, [drums + groups, drums + groups + 1] if is_bar_line else [drums + groups])
    if len(clip.hits) == 0:
        weights[:, -2:] = 0  # the band alone: its beats need not be found
    weights[onsets >= NEIGHBOUR] = 1
    compact = (array.astype(np.float16) for array in (onsets, weights, velocities))
    return Target(*compact, clip.hits[np.isin(clip.hits[:, 1], RARE_DRUMS), 0])


def _columns(drum: int) -> list[int]:
    """The drum's own column, if it has one, and that of its group (last)."""
    if drum == PERCUSSION:
        return [len(DRUMS) + GROUPS.index("percussion")]
    return [drum, len(DRUMS) + GROUP_OF_DRUM[drum]]


def _mark(onsets: np.ndarray, frame: int, columns: list[int]) -> None:
    for offset, value in ((-1, NEIGHBOUR), (0, 1.0), (1, NEIGHBOUR)):
        if 0 <= frame + offset < len(onsets):
            onsets[frame + offset, columns] = np.maximum(onsets[frame + offset, columns], value)


class Excerpts:
    """Random excerpts of clips, coloured anew each time."""

    def __init__(self, clips: list[Clip], frames: int, rng: np.random.Generator) -> None:
        self.clips, self.frames, self.rng = clips, frames, rng
        self.targets = [target_of(clip) for clip in clips]

    def batch(self, size: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Spectra (size, frames, bands), onsets, their weights, velocities."""
        rows = [self._excerpt() for _ in range(size)]
        spectra, onsets, weights, velocities = (np.stack(column) for column in zip(*rows, strict=True))
        return tuple(torch.from_numpy(a) for a in (spectra, onsets, weights, velocities))

    def _excerpt(self) -> tuple[np.ndarray, ...]:
        index = int(self.rng.integers(len(self.clips)))
        clip, target = self.clips[index], self.targets[index]
        last = len(clip.spectrum) - self.frames
        if len(target.rare_s) and self.rng.random() < RARE_SHARE:
            centre = int(self.rng.choice(target.rare_s) * FRAMES_PER_SECOND)
            start = centre - int(self.rng.integers(20, self.frames - 20))
        else:
            start = int(self.rng.integers(0, last + 1))
        stretch = slice(min(max(start, 0), last), min(max(start, 0), last) + self.frames)
        spectrum = coloured(clip.spectrum[stretch].astype(np.float32), self.rng)
        wanted = (target.onsets[stretch], target.weights[stretch], target.velocities[stretch])
        return spectrum, *(array.astype(np.float32) for array in wanted)


def coloured(spectrum: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another gain, equaliser, noise floor and bandwidth, laid on the log spectrum itself."""
    bands = np.arange(BANDS)
    spectrum = spectrum + np.float32(rng.normal(0, 0.25))
    if rng.random() < 0.6:
        curve = np.interp(bands, np.linspace(0, BANDS - 1, 7), rng.normal(0, 0.3, 7))
        spectrum = spectrum + curve.astype(np.float32)
    if rng.random() < 0.3:
        floor = np.interp(bands, np.linspace(0, BANDS - 1, 5), rng.normal(0, 0.5, 5)) + rng.uniform(-3.5, -1)
        noise = (floor + rng.normal(0, 0.25, spectrum.shape)).astype(np.float32)
        spectrum = np.log10(10**spectrum + 10**noise)
    if rng.random() < 0.25:
        spectrum[:, rng.integers(50, BANDS) :] -= np.float32(rng.uniform(0.5, 4))
    return np.maximum(spectrum, FLOOR).astype(np.float32)
