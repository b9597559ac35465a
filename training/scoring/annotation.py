"""What somebody says is played in a song, truth and answers alike: strokes, beats and bar lines."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

# The playing techniques of MDB Drums (Southall et al. 2017) and its coarse classes.
DRUM_OF_MDB_LABEL = {
    "KD": "kick", "SD": "snare", "SDB": "snare", "SDD": "snare", "SDF": "snare", "SDG": "snare", "SDNS": "snare",
    "SST": "snare_rim", "CHH": "hihat_closed", "HH": "hihat_closed", "PHH": "hihat_pedal", "OHH": "hihat_open",
    "HIT": "tom_high", "MHT": "tom_mid", "TT": "tom_mid", "HFT": "tom_low", "LFT": "tom_low", "CRC": "crash",
    "CY": "crash", "CHC": "china", "SPC": "splash", "RDC": "ride", "RDB": "ride_bell",
    "TMB": "tambourine", "OT": "other",
}  # fmt: skip


@dataclass(frozen=True)
class Stroke:
    time_s: float
    drum: str
    velocity: float | None = None  # 0 to 1
    confidence: float | None = None  # 0 to 1


@dataclass(frozen=True)
class Annotation:
    strokes: list[Stroke]
    beats_s: np.ndarray = field(default_factory=lambda: np.empty(0))
    bar_lines_s: np.ndarray = field(default_factory=lambda: np.empty(0))


def read_map(path: Path, time_key: str = "time") -> Annotation:
    """A `.bsm` map; `time_key` is `time` (on the grid) or `performed` (as heard, where a note has it)."""
    document = json.loads(path.read_text("utf-8"))
    strokes = [
        Stroke(
            hit.get(time_key, hit["time"]) / 1000, hit["component"], hit["velocity"], hit.get("confidence")
        )
        for hit in document["hitObjects"]
    ]
    return Annotation(strokes, *_grid(document["timing"], document["audio"]["duration"] / 1000))


def _grid(timing: dict[str, Any], until_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Quarter-note beats and bar lines; the first tempo also holds before its mark."""
    beats: list[np.ndarray] = []
    bar_lines: list[np.ndarray] = []
    points = timing["timingPoints"]
    starts_s = [point["time"] / 1000 for point in points]
    for start_s, end_s, point in zip(starts_s, [*starts_s[1:], until_s], points, strict=True):
        beat_s = 60 / point["bpm"]
        count, unit = map(int, point["timeSignature"].split("/"))
        end_s -= beat_s / 4 if point is not points[-1] else 0  # a beat this near a mark is the mark's own
        for step_s, into in ((beat_s, beats), (beat_s * count * 4 / unit, bar_lines)):
            first = -int(start_s / step_s + 1e-9) if point is points[0] else 0
            into.append(start_s + step_s * np.arange(first, max(first, np.ceil((end_s - start_s) / step_s))))
    return np.concatenate(beats), np.concatenate(bar_lines)


def read_mdb(strokes: Path, beats: Path | None) -> Annotation:
    """The text files of MDB Drums: `seconds label` lines, and `seconds number` lines with 1 at a bar line."""
    rows = [line.split()[:2] for line in strokes.read_text().splitlines() if line.strip()]
    played = [Stroke(float(time_s), DRUM_OF_MDB_LABEL[label]) for time_s, label in rows]
    if beats is None:
        return Annotation(played)
    counted = np.loadtxt(beats, ndmin=2)
    counted = counted[counted[:, 0].argsort()]
    return Annotation(played, counted[:, 0], counted[counted[:, 1] == 1, 0])
