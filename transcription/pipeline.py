"""A song's way through the ear: decode, separate, transcribe, beats, quantise, store.

Each stage takes what the one before gives and knows nothing of the others; they meet only here.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from transcription import (
    beats,
    drums,
    dynamics,
    peaks,
    presence,
    quantise,
    score,
    sections,
    separation,
    stems,
    tempo,
)
from transcription.audio import Song, as_mono, read_song
from transcription.hearing import hear_all
from transcription.music import Note
from transcription.weights import Ear

STAGES = ("decode", "separate", "transcribe", "beats", "quantise", "store")
OnProgress = Callable[[str, float], None]
UNKNOWN_ARTIST = "Unknown artist"
UNSURE = 0.6  # mean confidence: four notes in ten may be wrong


@dataclass(frozen=True)
class Request:
    song: Path
    map: Path
    stems: Path | None = None
    peaks: Path | None = None
    title: str | None = None
    artist: str | None = None


@dataclass(frozen=True)
class Result:
    """What is told about a finished map. `summary` is for a person, where the map is not what one expects."""

    model_version: str
    confidence: float
    separation: str
    separation_note: str | None
    duration_ms: int
    notes: int
    stems: dict[str, str]
    stage_seconds: dict[str, float]
    summary: str | None

    def as_object(self) -> dict[str, Any]:
        return asdict(self)


class StageClock:
    """Tells where the work is and keeps how long each stage took."""

    def __init__(self, on_progress: OnProgress) -> None:
        self._on_progress = on_progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[Callable[[float], None]]:
        started = time.monotonic()
        self._on_progress(name, 0.0)
        yield lambda progress: self._on_progress(name, progress)
        self._on_progress(name, 1.0)
        self.seconds[name] = round(time.monotonic() - started, 3)


def transcribe(
    request: Request, ear: Ear, on_progress: OnProgress = lambda _stage, _progress: None
) -> Result:
    """Writes the map, and stems and peaks where asked for. Raises `DecodingFailed` for what is no song."""
    clock = StageClock(on_progress)
    with clock.stage("decode"):
        song = read_song(request.song)
        song_mono = song.mono()
    stem_files: dict[str, str] = {}
    with clock.stage("separate") as tell:
        separated = separation.separate(song.stereo, tell)
        if separated.drums is not None and request.stems:
            stem_files = stems.write_stems(request.stems, song.stereo, separated.drums)
    drums_mono = None if separated.drums is None else as_mono(separated.drums)
    separated = replace(separated, drums=None)  # of a long song half a gigabyte
    with clock.stage("transcribe") as tell:
        sounds = [drums_mono] if separated.is_heard_alone else [song_mono, drums_mono]
        heard = hear_all(ear, [sound for sound in sounds if sound is not None], tell)
    with clock.stage("beats"):
        grid = beats.find_beats(heard)
    with clock.stage("quantise"):
        hits = [] if song.is_silent else presence.only_of_drums(drums.find_hits(heard, grid, ear.judgement))
        steady = tempo.steady_throughout(tempo.tempo_map(grid), hits, song.duration_s)
        tempo_map = tempo.onto_the_beat(steady, hits)
        notes = dynamics.with_dynamics(quantise.quantise(hits, tempo_map))
        parts = sections.find_sections(notes, tempo_map)
    with clock.stage("store"):
        confidence = round(float(np.mean([note.confidence for note in notes])), 3) if notes else 0.0
        made_by = {
            "modelVersion": ear.name,
            "confidence": confidence,
            "processedAt": datetime.now(UTC).isoformat(timespec="seconds"),
            "manualEdits": 0,
            "separation": separated.model,
            "separationNote": separated.note,
        }
        about = _about(request, song, stem_files)
        score.write(score.document(notes, tempo_map, about, made_by, parts), request.map)
        if request.peaks:
            peaks.write(request.peaks, song_mono, drums_mono)
    return Result(
        model_version=ear.name,
        confidence=confidence,
        separation=separated.model,
        separation_note=separated.note,
        duration_ms=round(song.duration_s * 1000),
        notes=len(notes),
        stems=stem_files,
        stage_seconds=clock.seconds,
        summary=_summary(song, notes, confidence),
    )


def _about(request: Request, song: Song, stem_files: dict[str, str]) -> score.About:
    drum_stem = stem_files.get("drums")
    return score.About(
        title=request.title or request.song.stem,
        artist=request.artist or UNKNOWN_ARTIST,
        audio_name=request.song.name,
        audio_sha256=_sha256(request.song),
        duration_s=song.duration_s,
        drum_stem=drum_stem,
        drum_stem_sha256=_sha256(request.stems / drum_stem) if request.stems and drum_stem else None,
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _summary(song: Song, notes: list[Note], confidence: float) -> str | None:
    sentences = [song.damage, _about_the_notes(song, notes, confidence)]
    return " ".join(sentence for sentence in sentences if sentence) or None


def _about_the_notes(song: Song, notes: list[Note], confidence: float) -> str | None:
    if song.is_silent:
        return "The song is silent, so its map is empty. Look whether it is the right file."
    if not notes:
        return (
            "No drums were heard in this song, so its map is empty. If it has drums, try a recording in which they "
            "are louder."
        )
    if confidence < UNSURE:
        return "The drums of this song are hard to hear, so expect to correct more of this map than usual."
    return None
