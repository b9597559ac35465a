"""Who listens: our ear and its peers, each a program of its own, so that time and memory can be told apart."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from training.scoring.annotation import Annotation, Stroke, read_map

KIBIBYTE = 1024


@dataclass(frozen=True)
class Answer:
    said: Annotation
    listening_s: float  # from the file to the answer, without the start of the program
    peak_bytes: int  # of the whole program


@dataclass(frozen=True)
class Listener:
    """`answers` gives one answer a row of the table, by the row's name."""

    name: str
    answers: Callable[[Path], dict[str, Answer]]
    needs: str = "numpy"  # the package without which it can't listen
    hears_strokes: bool = True
    hears_beats: bool = True

    @property
    def is_here(self) -> bool:
        return find_spec(self.needs) is not None


def our_ear(song: Path) -> dict[str, Answer]:
    """Exactly as a person runs it; times as performed, and as quantised."""
    with tempfile.TemporaryDirectory() as folder:
        map_path, report_path = Path(folder, "song.bsm"), Path(folder, "report.json")
        command = [str(song), "-o", str(map_path), "--report", str(report_path)]
        _, peak_bytes = _run(["-m", "transcription", *command])
        listening_s = sum(json.loads(report_path.read_text())["stage_seconds"].values())
        return {
            row: Answer(read_map(map_path, key), listening_s, peak_bytes)
            for row, key in (("ours", "performed"), ("ours, on the grid", "time"))
        }


def peer(name: str) -> Callable[[Path], dict[str, Answer]]:
    def answers(song: Path) -> dict[str, Answer]:
        printed, peak_bytes = _run(["-m", "benchmarks.ear.peers", name, str(song)])
        heard = json.loads(printed.splitlines()[-1])
        strokes = [Stroke(time_s, drum) for time_s, drum in heard["strokes"]]
        said = Annotation(strokes, np.array(heard["beats_s"]), np.array(heard["bar_lines_s"]))
        return {name: Answer(said, heard["listening_s"], peak_bytes)}

    return answers


def _run(arguments: list[str]) -> tuple[str, int]:
    """What a Python program prints, and the most memory that it held."""
    with tempfile.TemporaryFile("w+") as printed:
        child = subprocess.Popen([sys.executable, *arguments], stdout=printed)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise RuntimeError(f"{' '.join(arguments)} ended with {child.returncode}")
        printed.seek(0)
        return printed.read(), usage.ru_maxrss * (1 if sys.platform == "darwin" else KIBIBYTE)


LISTENERS = [
    Listener("ours", our_ear, "torch"),
    Listener("band energies", peer("band energies"), hears_beats=False),
    Listener("librosa", peer("librosa"), "librosa", hears_strokes=False),
    Listener("madmom", peer("madmom"), "madmom", hears_strokes=False),
]
