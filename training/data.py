"""python -m training.data --kits DIR --grooves DIR: renders the clips that training and evaluation read.

Training and held-out clips share no kit, no performance and no backing piece. The seed fixes what a shard
holds; shards that exist are kept, so an interrupted run goes on where it stopped.
"""

import argparse
from multiprocessing import Process
from pathlib import Path

import numpy as np
import scipy.fft
import torch

from training import audit, backing, clips, grooves, kits, mixing, sources
from transcription.spectrum import log_mel, loudness_gain

CACHE = Path("training/cache")
# What is made of each performance: drums alone, full mixes, drums as a separator leaves them, and the band alone.
KINDS = (("drums",), ("mix",), ("mix", "mix", "mix", "drums", "leaky"))  # one of each tuple
PERFORMANCES_BY_SHARD = 40  # 32 minutes with drums and 11 without, 47 MB
SHARDS = {"train": 48, "held-out": 3}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kits", type=Path, required=True)
    parser.add_argument("--grooves", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--shards", type=int, default=SHARDS["train"], help="of 32 minutes each, for training"
    )
    options = parser.parse_args()
    sources.check(options.kits, options.grooves)
    for is_held_out in (False, True):
        if wrong := audit.faults(kits.load_library(options.kits, is_held_out=is_held_out)):
            raise SystemExit("\n".join(["These one-shots do not sound like their names:", *wrong]))
    backing.prepare(options.grooves, options.cache / "backing", np.random.default_rng(1))
    for use, count in (("held-out", SHARDS["held-out"]), ("train", options.shards)):
        arguments = (use, options.kits, options.grooves, options.cache)
        workers = [
            Process(target=render_shards, args=(*arguments, range(first, count, options.workers)))
            for first in range(options.workers)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if any(worker.exitcode for worker in workers):
            raise SystemExit(
                "A worker failed (see above). What is rendered stays; the same command goes on with the rest."
            )


def render_shards(use: str, kits_folder: Path, grooves_folder: Path, cache: Path, numbers: range) -> None:
    torch.set_num_threads(1)
    is_held_out = use == "held-out"
    library = kits.load_library(kits_folder, is_held_out=is_held_out)
    performances = grooves.load_grooves(grooves_folder, "validation" if is_held_out else "train")
    band = backing.BackingBand(cache / "backing", is_held_out=is_held_out)
    (cache / use).mkdir(parents=True, exist_ok=True)
    for number in numbers:
        path = cache / use / f"shard-{number:03d}.npz"
        if path.exists():
            continue
        rng = np.random.default_rng([number, int(is_held_out)])
        rendered = []
        for _ in range(PERFORMANCES_BY_SHARD):
            rendered += render(library, performances, band, rng, is_held_out=is_held_out)
        clips.save(rendered, path)
        print(path, flush=True)


def render(
    library: kits.Library, performances: list[grooves.Groove], band: backing.BackingBand,
    rng: np.random.Generator, *, is_held_out: bool,
) -> list[clips.Clip]:  # fmt: skip
    """One performance on one kit, mixed in several ways."""
    kit = kits.VirtualKit(library, rng, is_held_out=is_held_out)
    part = grooves.arrange(performances, rng, mixing.CLIP_S)
    tracks, struck = mixing.record(kit, part)
    hits = [(s.time_s, clips.DRUM_OF_COMPONENT[s.component], s.velocity) for s in struck]
    hit_table = np.array(hits, np.float32).reshape(-1, 3)
    beat_table = np.array(part.beats, np.float32).reshape(-1, 2)
    spectra = scipy.fft.rfft(tracks, axis=1)
    rendered = []
    for choice in KINDS:
        kind = str(rng.choice(choice))
        samples = mixing.mix_down(spectra, part, band, rng, kind)
        rendered.append(clips.Clip(_spectrum(samples), hit_table, beat_table, kind))
    if not is_held_out:
        music = mixing.play_along(part, band, rng)
        rendered.append(clips.Clip(_spectrum(music), hit_table[:0], beat_table, "music"))
    return rendered


def _spectrum(samples: np.ndarray) -> np.ndarray:
    sound = torch.from_numpy(samples)
    return log_mel(sound, loudness_gain(sound)).numpy().astype(np.float16)


if __name__ == "__main__":
    main()
