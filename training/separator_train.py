"""python -m training.separator_train [--minutes 35]: trains our own separator on pairs of drums and music.

Drums and music are mixed anew for every excerpt: any drums with any music half of the time, levels and colours
of their own. The mask is judged by what it leaves wrong, in two ways: energy, so that kick and snare come out
clean, and square roots of magnitudes, so that quiet cymbals count too. As the transform keeps energies, both are
read from spectra, and nothing needs to be turned back into sound.
"""

import argparse
import copy
import json
import math
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from training.averaging import follow
from training.separator_data import SEPARATOR_CACHE, load_pairs
from transcription.separator_network import BINS, HOP_SAMPLES, MaskNetwork, expand, features, transform
from transcription.spectrum import loudness_gain

EXCERPT_SAMPLES = 160 * HOP_SAMPLES  # 3.7 s
BATCH = 8
PEAK_RATE = 2e-3
WARM_UP_STEPS = 50
CHECKPOINT_STEPS = 100
SEED = 7
DRUMS_OVER_MUSIC_DB = (-9.0, 6.0)
LEVEL_SPREAD_DB = 4.0  # of a song's excerpts around the level of the whole song
COLOUR_SPREAD_DB = 4.0
PITCH_SPREAD_SEMITONES = 2.5  # kits are few, and their drums would be known by their pitch
ALONE_SHARE = 0.04  # of the excerpts, each: drums alone, music alone
STRANGERS_SHARE = 0.5  # of the excerpts: drums and music that were not made for each other
LEAST_ERROR = 1e-3  # of the mixture's energy: nobody hears what is 30 dB below
MAGNITUDE_WEIGHT = 12.0  # of 0.2, against 10 dB


class Mixed(NamedTuple):
    """Spectra of a batch of mixes, each (batch, bins, frames)."""

    power: Tensor
    common: Tensor  # real part of the mixture's spectrum times the conjugate of the drums'
    drum_power: Tensor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=35)
    parser.add_argument("--cache", type=Path, default=SEPARATOR_CACHE)
    parser.add_argument("--out", type=Path, default=SEPARATOR_CACHE / "separator.pt")
    parser.add_argument("--continue-from", type=Path)
    parser.add_argument("--rate", type=float, default=PEAK_RATE)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(SEED)
    network = MaskNetwork()
    if options.continue_from:
        network.load_state_dict(torch.load(options.continue_from))
    pairs = load_pairs(options.cache / "train")
    hours = sum(pair.shape[1] for pair in pairs) / 44_100 / 3600
    print(f"{len(pairs)} pairs, {hours:.1f} hours", flush=True)
    averaged, steps = train(network, pairs, options)
    torch.save(averaged.state_dict(), options.out)
    configuration = {
        "minutes": options.minutes, "threads": options.threads, "steps": steps, "hours_of_sound": round(hours, 1),
        "batch": BATCH, "excerpt_samples": EXCERPT_SAMPLES, "peak_rate": options.rate, "seed": SEED,
        "pitch_spread_semitones": PITCH_SPREAD_SEMITONES, "colour_spread_db": COLOUR_SPREAD_DB,
        "drums_over_music_db": DRUMS_OVER_MUSIC_DB, "loss": "error energy in dB + 12 × error of root magnitudes",
        "continued_from": options.continue_from.name if options.continue_from else None,
    }  # fmt: skip
    options.out.with_suffix(".json").write_text(json.dumps(configuration, indent=1))


def train(
    network: MaskNetwork, pairs: list[np.ndarray], options: argparse.Namespace
) -> tuple[MaskNetwork, int]:
    rng = np.random.default_rng(SEED + (options.continue_from is not None))
    averaged = copy.deepcopy(network).eval()
    optimizer = torch.optim.AdamW(network.parameters(), options.rate, weight_decay=1e-2, betas=(0.9, 0.98))
    started, step, losses = time.monotonic(), 0, []
    while (progress := (time.monotonic() - started) / (options.minutes * 60)) < 1:
        rate = options.rate * min(1, (step + 1) / WARM_UP_STEPS)
        rate *= 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress))
        for group in optimizer.param_groups:
            group["lr"] = rate
        mixed = batch(pairs, rng)
        error_db, magnitude_error = losses_of(network, mixed)
        optimizer.zero_grad(set_to_none=True)
        (error_db + MAGNITUDE_WEIGHT * magnitude_error).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        step += 1
        follow(averaged, network, keep=min(0.995, step / (step + 20)))
        losses.append((error_db.item(), magnitude_error.item()))
        if step % 25 == 0:
            error, magnitude = np.mean(losses[-25:], 0)
            elapsed_s = time.monotonic() - started
            print(
                f"{step} steps, {elapsed_s:.0f} s, error {error:.2f} dB, magnitudes {magnitude:.4f}",
                flush=True,
            )
        if step % CHECKPOINT_STEPS == 0:
            torch.save(averaged.state_dict(), options.out)
    return averaged, step


def losses_of(network: MaskNetwork, mixed: Mixed) -> tuple[Tensor, Tensor]:
    """Energy of the error against that of the mixture (dB), and the error of root magnitudes (ratio)."""
    mask = expand(network(features(mixed.power)))
    error = (mask.square() * mixed.power - 2 * mask * mixed.common + mixed.drum_power).sum((1, 2))
    whole = mixed.power.sum((1, 2)) + 1e-6
    error_db = 10 * torch.log10(error.clamp_min(0) / whole + LEAST_ERROR)
    root = (mixed.power + 1e-6) ** 0.25
    wrong = ((mask + 1e-4).sqrt() * root - (mixed.drum_power + 1e-6) ** 0.25).abs().mean((1, 2))
    return error_db.mean(), (wrong / root.mean((1, 2))).mean()


def batch(pairs: list[np.ndarray], rng: np.random.Generator) -> Mixed:
    drums, music = np.zeros((2, BATCH, EXCERPT_SAMPLES), np.float32)
    for row in range(BATCH):
        pair = pairs[rng.integers(len(pairs))]
        start = rng.random()
        drums[row] = _excerpt(pair[0], start, rng)
        if rng.random() < STRANGERS_SHARE:
            pair, start = pairs[rng.integers(len(pairs))], rng.random()
        music[row] = _excerpt(pair[1], start, rng)
        level = music[row].std()
        if level > 1e-4:
            level_db = -rng.uniform(*DRUMS_OVER_MUSIC_DB)
            music[row] *= max(drums[row].std(), 0.02) / level * 10 ** (level_db / 20)
        alone = rng.random()
        if alone < ALONE_SHARE:
            drums[row] = 0
        elif alone < 2 * ALONE_SHARE:
            music[row] = 0
        gain = loudness_gain(torch.from_numpy(drums[row] + music[row]))
        gain *= 10 ** (rng.normal(0, LEVEL_SPREAD_DB) / 20)
        drums[row] *= gain
        music[row] *= gain
    drum_spectrum = transform(torch.from_numpy(drums)) * _colours(rng)
    spectrum = drum_spectrum + transform(torch.from_numpy(music)) * _colours(rng)
    power = spectrum.real.square() + spectrum.imag.square()
    common = spectrum.real * drum_spectrum.real + spectrum.imag * drum_spectrum.imag
    return Mixed(power, common, drum_spectrum.real.square() + drum_spectrum.imag.square())


def _excerpt(samples: np.ndarray, start: float, rng: np.random.Generator) -> np.ndarray:
    """From `start` (0..1 of what is possible), a little faster and higher or slower and lower than it was played."""
    rate = 2 ** (rng.normal(0, PITCH_SPREAD_SEMITONES) / 12) if rng.random() < 0.7 else 1.0
    length = min(len(samples), int(EXCERPT_SAMPLES * rate) + 2)
    first = int(start * (len(samples) - length))
    taken = samples[first : first + length].astype(np.float32) / np.float32(32_768)
    return np.interp(np.arange(EXCERPT_SAMPLES) * rate, np.arange(length), taken)


def _colours(rng: np.random.Generator) -> Tensor:
    """Gentle equalisers, (batch, bins, 1)."""
    octaves = np.log2(np.arange(BINS) + 1)
    knots = np.linspace(0, octaves[-1], 6)
    gains_db = [np.interp(octaves, knots, rng.normal(0, COLOUR_SPREAD_DB, 6)) for _ in range(BATCH)]
    return torch.from_numpy(10 ** (np.array(gains_db, np.float32) / 20)).unsqueeze(-1)


if __name__ == "__main__":
    main()
