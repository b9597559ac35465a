"""The `.bsm` document, version 1.1: notes and tempo map written with every key that readers of 1.0 and 1.1 know."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from transcription.difficulty import difficulty
from transcription.music import Note, Section, TempoMap
from transcription.units import SAMPLE_RATE_HZ, ms_from_seconds

FORMAT_VERSION = "1.1.0"
# The lane of every component, in the order in which a kit is listed; whatever has no lane of its own is in the last.
LANES = {
    "kick": 0, "snare": 2, "hihat_closed": 3, "hihat_open": 3, "hihat_pedal": 1, "crash": 6, "crash2": 6, "ride": 6,
    "ride_bell": 6, "china": 6, "splash": 6, "tom_high": 4, "tom_mid": 5, "tom_low": 5, "cowbell": 6, "tambourine": 6,
}  # fmt: skip
OTHER_LANE = 6


@dataclass(frozen=True)
class About:
    """What a map says of itself besides its notes."""

    title: str
    artist: str
    audio_name: str
    audio_sha256: str
    duration_s: float
    creator: str = "BeatSight"
    drum_stem: str | None = None
    drum_stem_sha256: str | None = None


def document(
    notes: list[Note],
    tempo: TempoMap,
    about: About,
    made_by: dict[str, Any] | None = None,
    sections: Sequence[Section] = (),
) -> dict[str, Any]:
    """One `.bsm` object. `made_by` becomes `editor.aiGenerationMetadata`."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    hit_objects = _hit_objects(notes, tempo)
    audio = {
        "filename": about.audio_name,
        "hash": f"sha256:{about.audio_sha256}",
        "duration": ms_from_seconds(about.duration_s),
        "sampleRate": SAMPLE_RATE_HZ,
    }
    if about.drum_stem:
        audio |= {"drumStem": about.drum_stem, "drumStemHash": f"sha256:{about.drum_stem_sha256}"}
    return {
        "version": FORMAT_VERSION,
        "metadata": {
            "title": about.title,
            "artist": about.artist,
            "creator": about.creator,
            "difficulty": difficulty((hit["time"], hit["lane"]) for hit in hit_objects),
            "beatmapId": str(uuid.uuid4()),
            "createdAt": now,
            "modifiedAt": now,
        },
        "audio": audio,
        "timing": _timing(tempo, about.duration_s),
        "drumKit": {"components": sorted({note.drum for note in notes}, key=list(LANES).index)},
        "hitObjects": hit_objects,
        "editor": _editor(sections, tempo) | ({} if made_by is None else {"aiGenerationMetadata": made_by}),
    }


def write(map_document: dict[str, Any], path: Path) -> None:
    """Writes a map whole or not at all."""
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(json.dumps(map_document, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    unfinished.replace(path)


def _timing(tempo: TempoMap, duration_s: float) -> dict[str, Any]:
    points = [
        {
            "id": f"t{number}",
            "tick": mark.tick,
            "time": ms_from_seconds(start_s),
            "bpm": mark.bpm,
            "timeSignature": mark.signature,
        }
        for number, (mark, start_s) in enumerate(zip(tempo.marks, tempo.starts_s, strict=True), start=1)
    ]
    return {
        "bpm": _headline_bpm(tempo, duration_s),
        "offset": ms_from_seconds(tempo.offset_s),
        "timeSignature": points[0]["timeSignature"],
        "timingPoints": points,
    }


def _headline_bpm(tempo: TempoMap, duration_s: float) -> float:
    """The tempo of the mark that lasts longest."""
    lasting_s = np.diff([*tempo.starts_s, max(duration_s, tempo.starts_s[-1])])
    return round(tempo.marks[int(lasting_s.argmax())].bpm, 2)


def _editor(sections: Sequence[Section], tempo: TempoMap) -> dict[str, Any]:
    """Readers of 1.0 know bookmarks, plain times; what a section is called stands beside them."""
    written = [
        {"time": time_ms, "tick": section.tick, "label": section.label}
        for time_ms, section in zip(_times_ms([s.tick for s in sections], tempo), sections, strict=True)
    ]
    return {
        "snapDivisor": 16,
        "visualLanes": 7,
        "bookmarks": [section["time"] for section in written],
        "sections": written,
    }


def _hit_objects(notes: list[Note], tempo: TempoMap) -> list[dict[str, Any]]:
    in_order = sorted(
        zip(_times_ms([note.tick for note in notes], tempo), notes, strict=True),
        key=lambda pair: (pair[0], LANES.get(pair[1].drum, OTHER_LANE)),
    )
    return [_hit_object(f"n{number}", *timed) for number, timed in enumerate(in_order, start=1)]


def _times_ms(ticks: list[int], tempo: TempoMap) -> list[int]:
    return [ms_from_seconds(seconds) for seconds in tempo.seconds_at(np.array(ticks, np.int64))]


def _hit_object(note_id: str, time_ms: int, note: Note) -> dict[str, Any]:
    hit = {
        "id": note_id,
        "time": time_ms,
        "tick": note.tick,
        "component": note.drum,
        "lane": LANES.get(note.drum, OTHER_LANE),
        "velocity": round(note.velocity, 2),
        "performed": round(note.performed_s * 1000, 1),
    }
    if note.confidence is not None:
        hit["confidence"] = round(note.confidence, 3)
    if note.flags:
        hit["flags"] = list(note.flags)
    return hit
