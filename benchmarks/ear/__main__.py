"""python -m benchmarks.ear: one table of how well, how fast and in how much memory the ear hears, beside others.

Our ear runs as `python -m transcription`, exactly as a person runs it; its rows differ only in which times of the map
are scored. Beside it: onsets picked from band energies, librosa's and madmom's beats, where what
`requirements/benchmarks.txt` names is installed. Songs: `--measure` a folder of real annotated tracks, `--held-out` a
folder that `training.held_out` has written; the demo song is always there (its kits also train the ear, so it
flatters).
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.ear.figures import COLUMNS, DIGITS, figures
from benchmarks.ear.listeners import LISTENERS, Listener
from benchmarks.ear.songs import Song, demo_songs, songs_in

Row = tuple[str, str, str]  # set, input, who listens
ROW_FORMAT = "{:34}"
SETS = {"measure": "real", "held_out": "synthetic"}
HOW_TO_GET = {
    "measure": "no real tracks: name a folder of them with --measure DIR",
    "held_out": "no synthetic songs: write some with python -m training.held_out, name them with --held-out DIR",
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--measure", type=Path, metavar="DIR", help="real tracks with annotations")
    parser.add_argument("--held-out", type=Path, metavar="DIR", help="synthetic songs with true maps")
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="a listener; may be given several times"
    )
    parser.add_argument("--json", action="store_true", help="print one object of figures by name")
    options = parser.parse_args()
    songs = demo_songs()
    for option, set_name in SETS.items():
        if folder := getattr(options, option):
            songs += songs_in(folder, set_name)
        else:
            print(f"({HOW_TO_GET[option]})", file=sys.stderr)
    rows = measured(songs, list(_wanted(options.only)))
    if options.json:
        print(
            json.dumps(
                {f"{'/'.join(row)}/{name}": value for row, found in rows for name, value in found.items()}
            )
        )
    else:
        show(rows)


def _wanted(only: list[str] | None) -> Iterator[Listener]:
    for listener in LISTENERS:
        if only and listener.name not in only:
            continue
        if listener.is_here:
            yield listener
        else:
            print(f"({listener.name} is not installed: see requirements/benchmarks.txt)", file=sys.stderr)


def measured(songs: list[Song], listeners: list[Listener]) -> Iterator[tuple[Row, dict[str, float]]]:
    """Row by row, as each is ready."""
    for set_name, contents in dict.fromkeys((song.set, song.input) for song in songs):
        group = [song for song in songs if (song.set, song.input) == (set_name, contents)]
        for listener in listeners:
            answers = [listener.answers(song.audio) for song in group]
            for row in answers[0]:
                heard = [(song, answer[row]) for song, answer in zip(group, answers, strict=True)]
                yield (set_name, contents, row), figures(listener, heard)


def show(rows: Iterator[tuple[Row, dict[str, float]]]) -> None:
    print(ROW_FORMAT.format("") + "".join(f"{name:>7}" for name in COLUMNS))
    for row, found in rows:
        cells = (
            f"{found[name]:7.{DIGITS.get(name, 3)}f}" if name in found else f"{'':7}" for name in COLUMNS
        )
        print(ROW_FORMAT.format(", ".join(row)) + "".join(cells), flush=True)
    print(*(f"{name}: {meaning}" for name, meaning in COLUMNS.items() if meaning), sep="; ")


if __name__ == "__main__":
    main()
