"""Titles, artists and file names as people and files give them, made fit to keep."""

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST_TITLE = 200
LONGEST_FILENAME = 255

# "01 - ", "01. ", "1-03 ": a track's number before its name, but not "99 Luftballons" or "1979".
_TRACK_NUMBER = re.compile(r"^(?:\d{1,2}-)?\d{1,3}(?:\s*[.)]\s*|\s+-\s+|\s*_\s*)(?=\S)|^0\d\s+(?=\S)")
# What converters and video sites add: "(Official Video)", "[320 kbps]".
_ADDED = re.compile(r"\s*[\[(](?:official|lyric|audio|video|hd|hq|\d{2,3}\s*kbps)[^\])]*[\])]", re.I)
# Names that recorders and converters give.
_SAYS_NOTHING = re.compile(r"\.\w*|(?:audio|download|file|recording|song|track|untitled)[\s\d]*", re.I)
# Marks that turn the direction of what follows, beyond the title that holds them. Source: Unicode TR 9 §2.
_TURNS_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")


def tidy(text: str, longest: int = LONGEST_TITLE) -> str:
    """One line without control characters, its spaces single, cut to `longest` characters."""
    plain = _TURNS_DIRECTION.sub("", text)
    visible = "".join(
        " " if unicodedata.category(mark) in {"Cc", "Cs", "Zl", "Zp"} else mark for mark in plain
    )
    return " ".join(visible.split())[:longest].strip()


def tidy_filename(name: str) -> str:
    """The last part of a path on any system, its ending kept when it must be cut."""
    last = PurePosixPath(tidy(name, len(name)).replace("\\", "/")).name
    if len(last) <= LONGEST_FILENAME:
        return last
    ending = PurePosixPath(last).suffix[:10]
    return last[: LONGEST_FILENAME - len(ending)] + ending


def words_of_filename(name: str) -> tuple[str, str]:
    """(title, artist) as a file's name tells them: "03 Artist - Title.mp3"; either may be empty."""
    stem = PurePosixPath(tidy_filename(name)).stem
    if _SAYS_NOTHING.fullmatch(stem):
        return "", ""
    if " " not in stem:
        stem = re.sub(r"_-_", " - ", stem).replace("_", " ")
    stem = _ADDED.sub("", _TRACK_NUMBER.sub("", stem, count=1))
    artist, dash, title = re.sub(r"\s+[–—]\s+", " - ", stem).partition(" - ")
    if not dash:
        return tidy(stem), ""
    # "Artist - 03 - Title"
    return tidy(_TRACK_NUMBER.sub("", title, count=1)), tidy(artist)
