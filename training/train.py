"""python -m training.train [--minutes 25]: trains the network on the rendered clips, by one process a CPU core.

Each process takes its own excerpts; their gradients are averaged before every step, so the processes hold the
same network. (One process with two threads is half as fast: the recurrence is made of small products.)
The learning rate falls along half a cosine over the given time; what is kept is the running average of the
weights. Shards that are rendered meanwhile are taken in. The last part of the time goes to longer excerpts, in
which beats and bars can be followed.
"""

import argparse
import copy
import json
import math
import multiprocessing
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
import torch.distributed as dist
from torch.nn import functional

from training import clips
from training.averaging import follow
from training.data import CACHE
from training.targets import Excerpts
from transcription.network import DrumNetwork
from transcription.units import DRUMS, GROUPS

BATCH, EXCERPT_FRAMES = 24, 500  # of each process
LONG_SHARE, LONG_BATCH, LONG_EXCERPT_FRAMES = 0.2, 10, 1_250
PEAK_RATE = 3e-3
WARM_UP_STEPS = 60
SAY_STEPS, CHECKPOINT_STEPS = 50, 100
NEW_SHARDS_STEPS = 25
# Onsets are rare: a missed one weighs more than an invented one.
MISS_WEIGHT = torch.tensor([2.0] * (len(DRUMS) + len(GROUPS)) + [2.0, 3.0])
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
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29517")
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=run, args=(rank, options)) for rank in range(1, options.processes)]
    for other in others:
        other.start()
    run(0, options)
    for other in others:
        other.join()


def run(rank: int, options: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    dist.init_process_group("gloo", rank=rank, world_size=options.processes)
    torch.manual_seed(options.seed)
    network = DrumNetwork()
    if options.continue_from:
        network.load_state_dict(_numbers_of(options.continue_from), strict=False)
    excerpts = Excerpts([], np.random.default_rng([options.seed, rank]))
    training = Training(network, excerpts, options, is_first=rank == 0)
    training.run()
    if rank == 0:
        torch.save(training.averaged.state_dict(), options.out)
        options.out.with_suffix(".json").write_text(json.dumps(training.configuration(), indent=1))
    dist.destroy_process_group()


def _numbers_of(path: Path) -> dict[str, torch.Tensor]:
    """Of a checkpoint, or of shipped weights, which have all but the batch counters."""
    if path.suffix == ".safetensors":
        return {name: numbers.float() for name, numbers in safetensors.torch.load_file(path).items()}
    return torch.load(path)


class Training:
    def __init__(
        self, network: DrumNetwork, excerpts: Excerpts, options: argparse.Namespace, *, is_first: bool
    ) -> None:
        self.network, self.excerpts, self.options, self.is_first = network, excerpts, options, is_first
        self.averaged = copy.deepcopy(network).eval()
        network.convolutions.to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.AdamW(
            network.parameters(), options.rate, weight_decay=1e-3, betas=(0.9, 0.98)
        )
        self.started = time.monotonic()
        self.steps = 0
        self.taken_in: set[Path] = set()
        self.losses: list[float] = []

    def run(self) -> None:
        for progress in self._until_the_time_is_up():
            if self.steps % NEW_SHARDS_STEPS == 0:
                self._take_in_new_shards()
            self._set_rate(progress)
            is_long = progress > 1 - LONG_SHARE
            size = (LONG_BATCH, LONG_EXCERPT_FRAMES) if is_long else (BATCH, EXCERPT_FRAMES)
            loss = loss_of(self.network, self.excerpts.batch(*size))
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self._average_gradients()
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
            self.optimizer.step()
            self.steps += 1
            follow(self.averaged, self.network, keep=min(0.996, self.steps / (self.steps + 20)))
            self.losses.append(loss.item())
            if self.is_first:
                self._say()

    def _until_the_time_is_up(self) -> Iterator[float]:
        """The share of the time that is gone, the same in every process: the first one's clock counts."""
        while True:
            gone = torch.tensor([(time.monotonic() - self.started) / (self.options.minutes * 60)])
            dist.broadcast(gone, 0)
            if gone.item() >= 1:
                return
            yield gone.item()

    def _set_rate(self, progress: float) -> None:
        rate = self.options.rate * min(1, (self.steps + 1) / WARM_UP_STEPS)
        for group in self.optimizer.param_groups:
            group["lr"] = rate * (0.005 + 0.995 * 0.5 * (1 + math.cos(math.pi * progress)))

    def _average_gradients(self) -> None:
        gradients = [parameter.grad for parameter in self.network.parameters()]
        flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
        dist.all_reduce(flat)
        flat /= self.options.processes
        for gradient, mean in zip(gradients, flat.split([g.numel() for g in gradients]), strict=True):
            gradient.copy_(mean.view_as(gradient))

    def _take_in_new_shards(self) -> None:
        for path in clips.shards(self.options.cache / "train"):
            if path not in self.taken_in:
                self.taken_in.add(path)
                self.excerpts.add(clips.load_shard(path))

    def _say(self) -> None:
        if self.steps % SAY_STEPS == 0:
            elapsed_s = time.monotonic() - self.started
            loss = np.mean(self.losses[-SAY_STEPS:])
            print(
                f"{self.steps} steps, {elapsed_s:.0f} s, {len(self.taken_in)} shards, loss {loss:.4f}",
                flush=True,
            )
        if self.steps % CHECKPOINT_STEPS == 0:
            torch.save(self.averaged.state_dict(), self.options.out)

    def configuration(self) -> dict:
        hours = sum(len(clip.spectrum) for clip in self.excerpts.clips) / 360_000
        return {
            "minutes": self.options.minutes, "steps": self.steps, "processes": self.options.processes,
            "hours_of_sound": round(hours, 1), "batch": BATCH * self.options.processes,
            "excerpt_frames": EXCERPT_FRAMES, "peak_rate": self.options.rate, "seed": self.options.seed,
            "continued_from": self.options.continue_from.name if self.options.continue_from else None,
        }  # fmt: skip


def loss_of(network: DrumNetwork, batch: tuple[torch.Tensor, ...]) -> torch.Tensor:
    spectra, onsets, weights, velocities = batch
    heard = network(spectra)
    logits = torch.cat([heard.drums, heard.groups, heard.beats], -1)
    by_frame = functional.binary_cross_entropy_with_logits(
        logits, onsets, weight=weights, pos_weight=MISS_WEIGHT, reduction="none"
    ).mean((0, 1))
    kinds = len(DRUMS) + len(GROUPS)
    error = (heard.velocities - velocities).square() * (velocities > 0)
    return by_frame[:kinds].sum() + BEAT_WEIGHT * by_frame[kinds:].sum() + VELOCITY_WEIGHT * error.mean()


if __name__ == "__main__":
    main()
