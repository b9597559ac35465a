"""From answers to figures: one row of the table."""

from collections.abc import Sequence

import numpy as np

from benchmarks.ear.listeners import Answer, Listener
from benchmarks.ear.songs import Song
from training.scoring import rhythm, strokes
from training.scoring.classes import GROUPINGS
from training.scoring.edits import edits

MEBIBYTE = 1 << 20
FEWEST_BEATS = 4  # a truth with fewer says nothing of rhythm
# Column: what it says, for the legend.
COLUMNS = {
    "F3": "three classes (kick, snare, hi-hat), F of all strokes within 50 ms", "M3": "mean F of the three classes",
    "F5": "five classes", "M5": "their mean", "F10": "ten classes", "M10": "their mean",
    "kick": "F of each of the five", "snare": "", "hihat": "", "tom": "", "cymbal": "",
    "vel": "mean error of velocities, 0 to 1", "ECE": "expected calibration error of confidences",
    "edits": "per 100 notes, in seven lanes", "beat": "F within 70 ms", "bar": "F of bar lines",
    "tempo": "share of 10 s windows within 4 %", "RTF": "seconds of listening by second of song",
    "MB": "most memory of the process",
}  # fmt: skip
DIGITS = {"edits": 1, "MB": 0}


def figures(listener: Listener, heard: Sequence[tuple[Song, Answer]]) -> dict[str, float]:
    """By column, rounded; without the columns that the listener, or the truth, says nothing of."""
    songs = [(song.truth, answer.said) for song, answer in heard]
    row: dict[str, float | None] = {
        "RTF": float(np.mean([answer.listening_s / _seconds(song) for song, answer in heard])),
        "MB": max(answer.peak_bytes for _, answer in heard) / MEBIBYTE,
    }
    if listener.hears_strokes:
        for name, grouping in GROUPINGS.items():
            by_class = strokes.scores(songs, *grouping)
            row |= {f"F{name}": strokes.micro_f(by_class), f"M{name}": strokes.macro_f(by_class)}
            if name == "5":
                row |= {drum: score.f for drum, score in by_class.items() if score.true}
        counts = [edits(truth, said) for truth, said in songs]
        row["edits"] = 100 * sum(count for count, _ in counts) / max(1, sum(notes for _, notes in counts))
        row |= {"vel": strokes.velocity_error(songs), "ECE": strokes.calibration_error(songs)}
    if listener.hears_beats:
        with_beats = [(truth, said) for truth, said in songs if len(truth.beats_s) >= FEWEST_BEATS]
        measures = {"beat": rhythm.beat_f, "bar": rhythm.bar_line_f, "tempo": rhythm.tempo_share}
        if not any(len(said.bar_lines_s) for _, said in songs):
            del measures["bar"]
        for name, measure in measures.items():
            row[name] = float(np.mean([measure(*song) for song in with_beats])) if with_beats else None
    return {name: round(value, DIGITS.get(name, 3)) for name, value in row.items() if value is not None}


def _seconds(song: Song) -> float:
    from transcription.audio import read_song

    return read_song(song.audio).duration_s
