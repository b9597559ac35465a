"""What is measured on: folders of recordings with their truth, and the demo song, which is always here."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from training.scoring.annotation import Annotation, read_map, read_mdb

INPUTS = {"_drum": "drums", "_mix": "mix", "_fullmix": "full mix"}
AUDIO = (".flac", ".wav", ".mp3", ".ogg", ".opus", ".m4a")
FINER_FIRST = ("_subclass.txt", "_class.txt")
DEMO = Path("maps/demo")


@dataclass(frozen=True)
class Song:
    """One recording. `input` says what is in it: drums, mix or full mix (as released)."""

    set: str
    input: str
    audio: Path
    truth_file: Path
    beats_file: Path | None = None

    @cached_property
    def truth(self) -> Annotation:
        if self.truth_file.suffix == ".bsm":
            return read_map(self.truth_file, "performed")
        return read_mdb(self.truth_file, self.beats_file)


def songs_in(folder: Path, set_name: str) -> list[Song]:
    """Every `NAME_drum`, `NAME_mix` and `NAME_fullmix` below the folder whose truth is there too: `NAME.bsm`, or
    `NAME_subclass.txt` (or `NAME_class.txt`) with `NAME.beats`. Raises ValueError where there is none."""
    files = {path.name: path for path in sorted(folder.rglob("*"))}
    songs = []
    for path in files.values():
        ending = next((ending for ending in INPUTS if path.stem.endswith(ending)), None)
        if path.suffix not in AUDIO or ending is None:
            continue
        name = path.stem.removesuffix(ending)
        truths = [files[name + suffix] for suffix in (".bsm", *FINER_FIRST) if name + suffix in files]
        if truths:
            songs.append(Song(set_name, INPUTS[ending], path, truths[0], files.get(f"{name}.beats")))
    if not songs:
        raise ValueError(
            f"{folder} holds no NAME_drum or NAME_mix with its truth (NAME.bsm or NAME_subclass.txt)."
        )
    return songs


def demo_songs() -> list[Song]:
    truth = DEMO / "paper-lanterns.bsm"
    return [
        Song("demo", "drums", DEMO / "paper-lanterns-drums.ogg", truth),
        Song("demo", "mix", DEMO / "paper-lanterns.mp3", truth),
    ]
