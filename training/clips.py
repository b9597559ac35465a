"""A training clip: 16 s of spectrum with what is played in it; shards of clips on disk."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from transcription.units import DRUMS, GROUPS

PERCUSSION = len(DRUMS)  # label of what belongs to no drum of the kit
DRUM_OF_COMPONENT = {name: index for index, name in enumerate(DRUMS)} | {
    "hihat_half": DRUMS.index("hihat_open"),
    "cowbell": PERCUSSION,
    "tambourine": PERCUSSION,
}
assert GROUPS[-1] == "percussion"


@dataclass(frozen=True)
class Clip:
    spectrum: np.ndarray  # (frames, bands) float16
    hits: np.ndarray  # (n, 3): seconds, drum, velocity
    beats: np.ndarray  # (n, 2): seconds, 1 at a bar line
    kind: str  # drums, leaky, mix or music (the band alone)


def save(clips: list[Clip], path: Path) -> None:
    """Writes a shard whole or not at all."""
    arrays = {
        "spectra": np.stack([clip.spectrum for clip in clips]),
        "hits": np.concatenate([clip.hits for clip in clips]),
        "hit_counts": np.array([len(clip.hits) for clip in clips]),
        "beats": np.concatenate([clip.beats for clip in clips]),
        "beat_counts": np.array([len(clip.beats) for clip in clips]),
        "kinds": np.array([clip.kind for clip in clips]),
    }
    unfinished = path.with_suffix(".part.npz")
    np.savez(unfinished, **arrays)
    unfinished.rename(path)


def load(folder: Path) -> list[Clip]:
    return [clip for path in shards(folder) for clip in load_shard(path)]


def shards(folder: Path) -> list[Path]:
    """The finished ones."""
    return [path for path in sorted(folder.glob("shard-*.npz")) if not path.name.endswith(".part.npz")]


def load_shard(path: Path) -> list[Clip]:
    shard = np.load(path)
    spectra = shard["spectra"]
    hits = np.split(shard["hits"], np.cumsum(shard["hit_counts"])[:-1])
    beats = np.split(shard["beats"], np.cumsum(shard["beat_counts"])[:-1])
    return [Clip(*parts) for parts in zip(spectra, hits, beats, shard["kinds"].tolist(), strict=True)]
