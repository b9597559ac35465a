"""The `.bsm` document, version 1.1: notes and tempo map written with every key that readers of 1.0 and 1.1 know."""

import json
import math
import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from transcription.music import Note, TempoMap
from transcription.units import SAMPLE_RATE_HZ, ms_from_seconds

FORMAT_VERSION = "1.1.0"
LANES = {
    "kick": 0, "hihat_pedal": 1, "snare": 2, "hihat_closed": 3, "hihat_open": 3, "tom_high": 4, "tom_mid": 5,
    "tom_low": 5, "crash": 6, "crash2": 6, "ride": 6, "ride_bell": 6, "china": 6, "splash": 6,
}  # fmt: skip
OTHER_LANE = 6
FEET = ("kick", "hihat_pedal")
DIFFICULTY_WINDOW_S = 4
FOOT_STROKES = 1.2  # there is a stick for every hand, but one foot for the kick drum
BENDING_LOAD = 8.0  # strokes a second that give 6.3


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
    notes: list[Note], tempo: TempoMap, about: About, made_by: dict[str, Any] | None = None
) -> dict[str, Any]:
    """One `.bsm` object. `made_by` becomes `editor.aiGenerationMetadata`."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    times_ms = (
        [ms_from_seconds(s) for s in tempo.seconds_at(np.array([note.tick for note in notes]))]
        if notes
        else []
    )
    hits = sorted(
        zip(times_ms, notes, strict=True), key=lambda pair: (pair[0], LANES.get(pair[1].drum, OTHER_LANE))
    )
    audio = {
        "filename": about.audio_name,
        "hash": f"sha256:{about.audio_sha256}",
        "duration": ms_from_seconds(about.duration_s),
        "sampleRate": SAMPLE_RATE_HZ,
    }
    if about.drum_stem:
        audio |= {"drumStem": about.drum_stem, "drumStemHash": f"sha256:{about.drum_stem_sha256}"}
    editor: dict[str, Any] = {"snapDivisor": 16, "visualLanes": 7, "bookmarks": []}
    if made_by is not None:
        editor["aiGenerationMetadata"] = made_by
    return {
        "version": FORMAT_VERSION,
        "metadata": {
            "title": about.title,
            "artist": about.artist,
            "creator": about.creator,
            "difficulty": difficulty(notes, times_ms),
            "beatmapId": str(uuid.uuid4()),
            "createdAt": now,
            "modifiedAt": now,
        },
        "audio": audio,
        "timing": _timing(tempo, about.duration_s),
        "drumKit": {
            "components": sorted({note.drum for note in notes}, key=lambda drum: list(LANES).index(drum))
        },
        "hitObjects": [
            _hit_object(f"n{n}", time_ms, note) for n, (time_ms, note) in enumerate(hits, start=1)
        ],
        "editor": editor,
    }


def write(map_document: dict[str, Any], path: Path) -> None:
    """Writes a map whole or not at all."""
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(json.dumps(map_document, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    unfinished.replace(path)


def difficulty(notes: list[Note], times_ms: list[int]) -> float:
    """0.0 to 10.0: strokes a second in the busiest tenth of the song's 4 s windows, bent towards 10.

    The formula that BeatSight computes for every map: 3 strokes a second give 3, 6 give 5, 18 give 9.
    """
    strokes: defaultdict[int, float] = defaultdict(float)
    for note, time_ms in zip(notes, times_ms, strict=True):
        strokes[time_ms // (DIFFICULTY_WINDOW_S * 1000)] += FOOT_STROKES if note.drum in FEET else 1
    if not strokes:
        return 0.0
    busiest = sorted(strokes.values(), reverse=True)[: len(strokes) // 10 + 1]
    load = sum(busiest) / len(busiest) / DIFFICULTY_WINDOW_S
    return round(10 * (1 - math.exp(-load / BENDING_LOAD)), 1)


def _timing(tempo: TempoMap, duration_s: float) -> dict[str, Any]:
    points = [
        {
            "id": f"t{number}",
            "tick": mark.tick,
            "time": ms_from_seconds(start_s),
            "bpm": mark.bpm,
            "timeSignature": f"{mark.beats_per_bar}/4",
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
    return hit if note.confidence is None else {**hit, "confidence": round(note.confidence, 3)}
