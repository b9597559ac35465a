"""python -m training.evaluate: thresholds, calibration and figures from the held-out clips.

Held out are kits, performances and backing. One half of the clips chooses thresholds and calibration, the
figures come from the other half.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from training import clips
from training.data import CACHE
from training.scoring.matching import Score, matched
from training.targets import INAUDIBLE_VELOCITY
from transcription.drums import find_hits, peaks_of
from transcription.hearing import Heard
from transcription.network import DrumNetwork
from transcription.units import DRUMS, FRAMES_PER_SECOND, GROUP_OF_DRUM, GROUPS
from transcription.weights import Ear

THRESHOLDS = np.arange(0.2, 0.92, 0.04)
CALIBRATION_STEPS = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--network", type=Path, default=CACHE / "network.pt")
    options = parser.parse_args()
    torch.set_num_threads(2)
    network = DrumNetwork()
    network.load_state_dict(torch.load(options.network))
    report = evaluate(network.eval(), clips.load(options.cache / "held-out"))
    (options.cache / "evaluation.json").write_text(json.dumps(report, indent=1))
    print(json.dumps(report["held_out"], indent=1))
    print(report["thresholds"])


def evaluate(network: DrumNetwork, held_out: list[clips.Clip]) -> dict:
    performances = [held_out[i : i + 3] for i in range(0, len(held_out), 3)]
    choosing = [clip for group in performances[::2] for clip in group]
    measuring = [clip for group in performances[1::2] for clip in group]
    heard = [_hear(network, clip) for clip in choosing]
    thresholds = np.array([_best_threshold(choosing, heard, group) for group in range(len(GROUPS))])
    calibration = np.array(
        [_calibrate(choosing, heard, group, thresholds[group]) for group in range(len(GROUPS))]
    )
    ear = Ear("candidate", network, thresholds, calibration)
    return {
        "thresholds": dict(zip(GROUPS, np.round(thresholds, 3).tolist(), strict=True)),
        "calibration": dict(zip(GROUPS, np.round(calibration, 4).tolist(), strict=True)),
        "held_out": _figures(ear, measuring),
    }


@torch.inference_mode()
def _hear(network: DrumNetwork, clip: clips.Clip) -> Heard:
    spectrum = torch.from_numpy(clip.spectrum.astype(np.float32))
    spectrum = spectrum[: len(spectrum) // 2 * 2]
    return Heard(*(column[0].numpy() for column in network(spectrum.unsqueeze(0))))


def _true_s(clip: clips.Clip, group: int) -> np.ndarray:
    drums = [drum for drum, of in enumerate(GROUP_OF_DRUM) if of == group]
    labels = drums or [clips.PERCUSSION]
    is_wanted = np.isin(clip.hits[:, 1], labels) & (clip.hits[:, 2] >= INAUDIBLE_VELOCITY)
    return np.unique(np.round(clip.hits[is_wanted, 0], 2))


def _best_threshold(choosing: list[clips.Clip], heard: list[Heard], group: int) -> float:
    true_s = [_true_s(clip, group) for clip in choosing]
    all_peaks = [peaks_of(answer.groups[:, group], THRESHOLDS[0]) for answer in heard]

    def f_at(threshold: float) -> float:
        least_margin = np.log(threshold / (1 - threshold)) - np.log(THRESHOLDS[0] / (1 - THRESHOLDS[0]))
        score = Score()
        for truth, peaks in zip(true_s, all_peaks, strict=True):
            score.add(truth, peaks.positions[peaks.margins >= least_margin] / FRAMES_PER_SECOND)
        return score.f

    return float(max(THRESHOLDS, key=f_at))


def _calibrate(
    choosing: list[clips.Clip], heard: list[Heard], group: int, threshold: float
) -> tuple[float, float]:
    """Slope and shift with which a peak's logit becomes the probability that the hit is real (Platt 1999)."""
    logits, is_real = [], []
    for clip, answer in zip(choosing, heard, strict=True):
        peaks = peaks_of(answer.groups[:, group], threshold)
        logits.append(answer.groups[peaks.frames, group])
        is_real.append(matched(_true_s(clip, group), peaks.positions / FRAMES_PER_SECOND))
    x = torch.from_numpy(np.concatenate(logits)).float()
    y = torch.from_numpy(np.concatenate(is_real)).float()
    line = torch.tensor([1.0, 0.0], requires_grad=True)
    optimizer = torch.optim.Adam([line], 0.05)
    for _ in range(CALIBRATION_STEPS if len(x) > 20 else 0):
        optimizer.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(line[0] * x + line[1], y).backward()
        optimizer.step()
    return float(line[0].detach()), float(line[1].detach())


def _figures(ear: Ear, measuring: list[clips.Clip]) -> dict:
    """F, precision and recall by group for each kind of clip, and over the five groups of the kit."""
    kit_groups = GROUPS[:-1]
    scores = {kind: {group: Score() for group in kit_groups} for kind in ("drums", "leaky", "mix")}
    drum_score = {kind: Score() for kind in scores}
    for clip in measuring:
        hits = find_hits(_hear(ear.network, clip), ear)
        for index, group in enumerate(kit_groups):
            found_s = [hit.time_s for hit in hits if GROUP_OF_DRUM[DRUMS.index(hit.drum)] == index]
            scores[clip.kind][group].add(_true_s(clip, index), np.unique(np.round(found_s, 3)))
        for drum, name in enumerate(DRUMS):
            is_wanted = (clip.hits[:, 1] == drum) & (clip.hits[:, 2] >= INAUDIBLE_VELOCITY)
            drum_score[clip.kind].add(
                clip.hits[is_wanted, 0], np.array([h.time_s for h in hits if h.drum == name])
            )
    figures = {}
    for kind, by_group in scores.items():
        total = Score()
        for score in by_group.values():
            total.right, total.true = total.right + score.right, total.true + score.true
            total.found += score.found
        figures[kind] = {
            "five_groups": total.as_card(),
            "ten_drums": drum_score[kind].as_card(),
            **{group: score.as_card() for group, score in by_group.items()},
        }
    return figures


if __name__ == "__main__":
    main()
