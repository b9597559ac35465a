"""What the network should answer for a clip, frame by frame, and the batches it is trained on."""

from dataclasses import dataclass

import numpy as np
import torch

from training.clips import PERCUSSION, Clip
from transcription.spectrum import BANDS, FLOOR
from transcription.units import DRUMS, FRAMES_PER_SECOND, GROUP_OF_DRUM, GROUPS

INAUDIBLE_VELOCITY = 0.13  # a hit this soft is neither demanded nor forbidden
COMMON_DRUMS = ("kick", "snare", "hihat_closed", "ride")
RARE_DRUMS = [index for index, name in enumerate(DRUMS) if name not in COMMON_DRUMS]
MUSIC_ALONE = 0.04  # share of excerpts without a drummer: music alone is not to be drummed along
RARE_SHARE = 0.3  # of the excerpts are chosen around a rare drum
NEIGHBOUR = (
    0.5  # target one frame beside an onset that lies on a frame; between frames the nearer one gets more
)
ADDED_MUSIC = {
    "drums": 0.5,
    "leaky": 0.3,
    "mix": 0.15,
}  # share of excerpts that get (more) music on the spectrum
SEPARATED = 0.15  # share of those that are then masked as a separator would


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
        position, columns = float(time_s) * FRAMES_PER_SECOND, _columns(int(drum))
        frame = round(position)
        if frame >= frames:
            continue
        if velocity < INAUDIBLE_VELOCITY:
            weights[max(0, frame - 2) : frame + 3, columns] = 0
            continue
        _mark(onsets, position, columns)
        struck = velocities[max(0, frame - 1) : frame + 2, columns[-1] - drums]
        np.maximum(struck, velocity, out=struck)
    for time_s, is_bar_line in clip.beats:
        position = float(time_s) * FRAMES_PER_SECOND
        if round(position) < frames:
            _mark(onsets, position, [drums + groups, drums + groups + 1] if is_bar_line else [drums + groups])
    weights[onsets >= NEIGHBOUR] = 1
    if len(clip.hits) == 0:
        weights[:, -2:] = 0  # the band alone: its beats need not be found
    compact = (array.astype(np.float16) for array in (onsets, weights, velocities))
    return Target(*compact, clip.hits[np.isin(clip.hits[:, 1], RARE_DRUMS), 0])


def _columns(drum: int) -> list[int]:
    """The drum's own column, if it has one, and that of its group (last)."""
    if drum == PERCUSSION:
        return [len(DRUMS) + GROUPS.index("percussion")]
    return [drum, len(DRUMS) + GROUP_OF_DRUM[drum]]


def _mark(onsets: np.ndarray, position: float, columns: list[int]) -> None:
    """Three values around an onset whose parabola has its peak at `position` (in frames)."""
    frame = round(position)
    early = frame - position
    for offset, value in ((-1, NEIGHBOUR + early), (0, 1.0), (1, NEIGHBOUR - early)):
        if 0 <= frame + offset < len(onsets):
            onsets[frame + offset, columns] = np.maximum(onsets[frame + offset, columns], value)


class Excerpts:
    """Random excerpts of clips, coloured anew each time, some of them with other music laid over them."""

    def __init__(self, clips: list[Clip], rng: np.random.Generator) -> None:
        self.rng = rng
        self.clips: list[Clip] = []
        self.targets: list[Target] = []
        self.music: list[np.ndarray] = []
        self.add(clips)

    def add(self, clips: list[Clip]) -> None:
        self.clips += clips
        self.targets += [target_of(clip) for clip in clips]
        self.music += [clip.spectrum for clip in clips if clip.kind == "music"]
        played = np.array([clip.kind != "music" for clip in self.clips], bool)
        shares = np.where(
            played, (1 - MUSIC_ALONE) / max(1, played.sum()), MUSIC_ALONE / max(1, (~played).sum())
        )
        self._upto = np.cumsum(shares) / max(shares.sum(), 1e-9)

    def batch(self, size: int, frames: int) -> tuple[torch.Tensor, ...]:
        """Spectra (size, frames, bands), onsets, their weights, velocities."""
        rows = [self._excerpt(frames) for _ in range(size)]
        spectra, onsets, weights, velocities = (np.stack(column) for column in zip(*rows, strict=True))
        return tuple(torch.from_numpy(a) for a in (spectra, onsets, weights, velocities))

    def _excerpt(self, frames: int) -> tuple[np.ndarray, ...]:
        index = min(int(np.searchsorted(self._upto, self.rng.random())), len(self.clips) - 1)
        clip, target = self.clips[index], self.targets[index]
        last = len(clip.spectrum) - frames
        if len(target.rare_s) and self.rng.random() < RARE_SHARE:
            centre = int(self.rng.choice(target.rare_s) * FRAMES_PER_SECOND)
            start = centre - int(self.rng.integers(20, frames - 20))
        else:
            start = int(self.rng.integers(0, last + 1))
        stretch = slice(min(max(start, 0), last), min(max(start, 0), last) + frames)
        spectrum = clip.spectrum[stretch].astype(np.float32)
        if self.music and self.rng.random() < ADDED_MUSIC.get(clip.kind, 0):
            spectrum = self._with_music(spectrum)
        wanted = (target.onsets[stretch], target.weights[stretch], target.velocities[stretch])
        return coloured(spectrum, self.rng), *(array.astype(np.float32) for array in wanted)

    def _with_music(self, spectrum: np.ndarray) -> np.ndarray:
        """Powers add up, phases apart; sometimes what a separator would leave of the sum."""
        other = self.music[self.rng.integers(len(self.music))]
        start = int(self.rng.integers(0, len(other) - len(spectrum) + 1))
        drums_over_music_db = np.clip(self.rng.normal(1, 5), -9, 14)
        struck = 10**spectrum
        played = 10 ** (
            other[start : start + len(spectrum)].astype(np.float32) - np.float32(drums_over_music_db / 10)
        )
        both = struck + played
        if self.rng.random() < SEPARATED:
            leak = 10 ** (-self.rng.uniform(0.8, 3))
            both = both * np.maximum((struck / both) ** self.rng.uniform(0.5, 1.5), leak)
        return np.log10(both)


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
