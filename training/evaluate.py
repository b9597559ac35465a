"""python -m training.evaluate: the second look, thresholds and figures from the held-out clips.

Held out are kits, performances and backing. One half of the clips fits what `training.judgement` fits, the figures
come from the other half.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from training import clips, judgement
from training.data import CACHE
from training.scoring import classes, strokes
from training.scoring.annotation import Annotation, Stroke
from training.targets import INAUDIBLE_VELOCITY
from transcription.beats import find_beats
from transcription.drums import find_hits
from transcription.judging import Judgement
from transcription.music import Heard
from transcription.network import DrumNetwork
from transcription.units import DRUMS, GROUPS

MIXES_BY_PERFORMANCE = 3  # they must not stand on both sides
KINDS = ("drums", "leaky", "mix")


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
    print(report["judgement"]["thresholds"])


def evaluate(network: DrumNetwork, held_out: Sequence[clips.Clip]) -> dict:
    is_measured = np.arange(len(held_out)) // MIXES_BY_PERFORMANCE % 2 == 1
    choosing = [clip for clip, measured in zip(held_out, is_measured, strict=True) if not measured]
    measuring = [clip for clip, measured in zip(held_out, is_measured, strict=True) if measured]
    heard = [hear_clip(network, clip) for clip in choosing]
    fitted = judgement.fit(choosing, heard, [find_beats(song) for song in heard])
    return {"judgement": as_card(fitted), "held_out": figures(network, fitted, measuring)}


def as_card(fitted: Judgement) -> dict:
    return {
        "thresholds": dict(zip(GROUPS, np.round(fitted.thresholds, 3).tolist(), strict=True)),
        "weights": dict(zip(GROUPS, np.round(fitted.weights, 4).tolist(), strict=True)),
        "naming": dict(zip(GROUPS, np.round(fitted.naming, 3).tolist(), strict=True)),
    }


@torch.inference_mode()
def hear_clip(network: DrumNetwork, clip: clips.Clip) -> Heard:
    spectrum = torch.from_numpy(clip.spectrum.astype(np.float32))
    spectrum = spectrum[: len(spectrum) // 2 * 2]
    return Heard(*(column[0].numpy() for column in network(spectrum.unsqueeze(0))))


def figures(network: DrumNetwork, fitted: Judgement, measuring: Sequence[clips.Clip]) -> dict:
    """F, precision and recall by five and ten classes for each kind of clip, and how far confidences are off."""
    songs = []
    for clip in measuring:
        heard = hear_clip(network, clip)
        songs.append((_truth(clip), _answer(find_hits(heard, find_beats(heard), fitted))))
    told = {}
    for kind in KINDS:
        of_kind = [song for song, clip in zip(songs, measuring, strict=True) if clip.kind == kind]
        five = strokes.scores(of_kind, classes.FIVE, classes.one_of_five)
        ten = strokes.scores(of_kind, classes.TEN, classes.one_of_ten)
        told[kind] = {
            "five_classes": sum(five.values(), strokes.Score()).as_card(),
            "ten_classes": sum(ten.values(), strokes.Score()).as_card(),
            "calibration_error": round(strokes.calibration_error(of_kind) or 0.0, 3),
            **{name: score.as_card() for name, score in (five | ten).items()},
        }
    return told


def _truth(clip: clips.Clip) -> Annotation:
    is_wanted = (clip.hits[:, 2] >= INAUDIBLE_VELOCITY) & (clip.hits[:, 1] != clips.PERCUSSION)
    return Annotation([Stroke(float(t), DRUMS[int(d)], float(v)) for t, d, v in clip.hits[is_wanted]])


def _answer(hits: list) -> Annotation:
    return Annotation([Stroke(hit.time_s, hit.drum, hit.velocity, hit.confidence) for hit in hits])


if __name__ == "__main__":
    main()
