"""The `.bsm` file: bytes to a chart and back.

Reading proceeds section by section: metadata and audio are checked and kept as they are; timing becomes the
tempo map; hit objects become notes. Keys that this reader doesn't know stay where they stood. A file that
lacks a required key, has a wrong type or an absurd size is refused with the place; a chart that is merely
odd is not refused. Writing the same chart gives the same bytes, always.
"""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from maps.chart.components import kit_order
from maps.chart.fields import BrokenDocument, has, refuse, rows, section, text
from maps.chart.hit_objects import hit_object, note_as_object, read_notes
from maps.chart.limits import LARGEST_BYTES, MOST_NOTES
from maps.chart.notes import Note
from maps.chart.sections import (
    check_audio,
    check_drum_kit,
    check_editor,
    check_metadata,
)
from maps.chart.tempo import TempoMap
from maps.chart.timing import mark_as_object, read_timing, timing_section

WRITTEN_VERSION = "1.1.0"

_READ_VERSIONS = re.compile(r"1\.\d{1,4}(\.\d{1,4})?", re.ASCII)
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # legal JSON, but no database column holds it
_KNOWN = frozenset(("version", "metadata", "audio", "timing", "drumKit", "hitObjects", "editor"))


@dataclass(frozen=True)
class Chart:
    """A drum map as music: notes in order of time on a tempo map, and the file's other sections as read."""

    metadata: dict[str, Any]
    audio: dict[str, Any]
    tempo: TempoMap
    notes: tuple[Note, ...]
    drum_kit: dict[str, Any]
    timing: dict[str, Any]  # what `timing` holds besides the tempo map: the headline bpm, unknown keys
    editor: dict[str, Any] | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def with_notes(self, notes: Iterable[Note]) -> "Chart":
        return replace(self, notes=tuple(sorted(notes)))

    def as_object(self) -> dict[str, Any]:
        """The chart with notes and tempo marks by id, as patches address it: `/notes/{id}/tick`.

        Holds no time that follows from a tick: a patch that moves a note names its tick alone.
        """
        keyed_notes = {}
        for note in self.notes:
            keyed_notes[note.id] = note_as_object(note)
            if note.keeps_read_time(self.tempo):
                keyed_notes[note.id]["time"] = note.time_ms
        keyed_marks = {}
        for mark in self.tempo.marks:
            keyed_marks[mark.id] = mark_as_object(mark)
            if mark.read_ms is not None:
                keyed_marks[mark.id]["time"] = mark.read_ms
        return {
            "metadata": self.metadata,
            "audio": self.audio,
            "drumKit": self.drum_kit,
            "editor": self.editor,
            "extra": self.extra,
            "timing": {**self.timing, "offset": self.tempo.offset_ms},
            "tempo": keyed_marks,
            "notes": keyed_notes,
        }

    def as_document(self) -> dict[str, Any]:
        """The chart as the `.bsm` file has it, with times for readers that know no ticks."""
        listed = self.drum_kit["components"]
        added = sorted({note.component for note in self.notes}.difference(listed), key=kit_order)
        document = {
            **self.extra,
            "version": WRITTEN_VERSION,
            "metadata": self.metadata,
            "audio": self.audio,
            "timing": timing_section(self.tempo, self.timing),
            "drumKit": {**self.drum_kit, "components": [*listed, *added]},
            "hitObjects": [hit_object(note) for note in self.notes],
        }
        return document if self.editor is None else {**document, "editor": self.editor}


def read_bsm(data: bytes) -> Chart:
    """The chart in a `.bsm` file of any version 1.x; raises `BrokenDocument`."""
    raw = _parsed(data)
    version = text(raw, "version", "", 20)
    if not _READ_VERSIONS.fullmatch(version):
        raise refuse(raw, "version", "", "1.0.0 or another 1.x: no other version can be read here")
    tempo, timing = read_timing(raw)
    return Chart(
        metadata=check_metadata(section(raw, "metadata")),
        audio=check_audio(section(raw, "audio")),
        tempo=tempo,
        notes=read_notes(rows(raw, "hitObjects", "", MOST_NOTES), tempo),
        drum_kit=check_drum_kit(section(raw, "drumKit")),
        timing=timing,
        editor=check_editor(section(raw, "editor")) if has(raw, "editor") else None,
        extra={key: value for key, value in raw.items() if key not in _KNOWN},
    )


def write_bsm(chart: Chart) -> bytes:
    """The chart as a file of version 1.1, byte for byte the same for equal charts."""
    return orjson.dumps(chart.as_document(), option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def _parsed(data: bytes) -> dict[str, Any]:
    if len(data) > LARGEST_BYTES:
        raise BrokenDocument(f"The file is larger than {LARGEST_BYTES // 2**20} MB.")
    if b"\\u0000" in data and _NUL.search(data):
        raise BrokenDocument("The file holds a NUL character (\\u0000) in a text.")
    try:
        raw = orjson.loads(data.removeprefix(codecs.BOM_UTF8))
        orjson.dumps(raw)  # what is nested too deeply to be written back is refused now, not when it is saved
    except orjson.JSONDecodeError as error:
        raise BrokenDocument(f"The file is not valid JSON: {error}.") from error
    except TypeError as error:
        raise BrokenDocument("The file is nested too deeply.") from error
    if type(raw) is not dict:
        raise BrokenDocument("The file must hold one JSON object.")
    return raw
