"""python -m training.train [--minutes 25]: trains the network on the rendered clips, on two CPU cores.

The learning rate falls along half a cosine over the given time; what is kept is the running average of the
weights. `--continue-from` starts from an earlier checkpoint, as a second, shorter round with new data does.
"""

import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from training import clips
from training.data import CACHE
from training.targets import Excerpts
from transcription.network import DrumNetwork
from transcription.units import DRUMS, GROUPS

EXCERPT_FRAMES = 500
BATCH = 20
PEAK_RATE = 3e-3
WARM_UP_STEPS = 60
CHECKPOINT_STEPS = 100
# Onsets are rare: a missed one weighs more than an invented one, most of all in rare drums.
MISS_WEIGHT = torch.tensor([2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 3, 3, 3, 2, 3], dtype=torch.float32)
BEAT_WEIGHT = 0.5
VELOCITY_WEIGHT = 30.0
SEED = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--out", type=Path, default=CACHE / "network.pt")
    parser.add_argument("--continue-from", type=Path)
    parser.add_argument("--rate", type=float, default=PEAK_RATE)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(SEED)
    material = clips.load(options.cache / "train")
    hours = sum(len(clip.spectrum) for clip in material) / 360_000
    print(f"{len(material)} clips, {hours:.1f} hours", flush=True)
    network = DrumNetwork()
    if options.continue_from:
        network.load_state_dict(torch.load(options.continue_from))
    averaged, steps = train(network, material, options)
    torch.save(averaged.state_dict(), options.out)
    configuration = {
        "minutes": options.minutes, "steps": steps, "hours_of_sound": round(hours, 1), "batch": BATCH,
        "excerpt_frames": EXCERPT_FRAMES, "peak_rate": options.rate, "seed": SEED,
        "continued_from": options.continue_from.name if options.continue_from else None,
    }  # fmt: skip
    options.out.with_suffix(".json").write_text(json.dumps(configuration, indent=1))


def train(
    network: DrumNetwork, material: list[clips.Clip], options: argparse.Namespace
) -> tuple[DrumNetwork, int]:
    excerpts = Excerpts(material, EXCERPT_FRAMES, np.random.default_rng(SEED))
    averaged = copy.deepcopy(network).eval()
    network.convolutions.to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), options.rate, weight_decay=1e-3, betas=(0.9, 0.98))
    started, step, losses = time.monotonic(), 0, []
    while (progress := (time.monotonic() - started) / (options.minutes * 60)) < 1:
        rate = options.rate * min(1, (step + 1) / WARM_UP_STEPS)
        rate *= 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress))
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = loss_of(network, excerpts.batch(BATCH))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        step += 1
        _follow(averaged, network, keep=min(0.995, step / (step + 20)))
        losses.append(loss.item())
        if step % 50 == 0:
            elapsed_s = time.monotonic() - started
            print(f"{step} steps, {elapsed_s:.0f} s, loss {np.mean(losses[-50:]):.4f}", flush=True)
        if step % CHECKPOINT_STEPS == 0:
            torch.save(averaged.state_dict(), options.out)
    return averaged, step


def loss_of(network: DrumNetwork, batch: tuple[torch.Tensor, ...]) -> torch.Tensor:
    spectra, onsets, weights, velocities = batch
    with torch.autocast("cpu", dtype=torch.bfloat16):
        heard = network(spectra)
    logits = torch.cat([heard.drums, heard.groups, heard.beats], -1).float()
    by_frame = functional.binary_cross_entropy_with_logits(
        logits, onsets, weight=weights, pos_weight=MISS_WEIGHT, reduction="none"
    ).mean((0, 1))
    kinds = len(DRUMS) + len(GROUPS)
    error = (heard.velocities.float() - velocities).square() * (velocities > 0)
    return by_frame[:kinds].sum() + BEAT_WEIGHT * by_frame[kinds:].sum() + VELOCITY_WEIGHT * error.mean()


@torch.no_grad()
def _follow(averaged: DrumNetwork, network: DrumNetwork, keep: float) -> None:
    for mean, current in zip(averaged.state_dict().values(), network.state_dict().values(), strict=True):
        if mean.dtype.is_floating_point:
            mean.lerp_(current, 1 - keep)
        else:
            mean.copy_(current)


if __name__ == "__main__":
    main()
