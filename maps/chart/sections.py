"""Checks of the sections that a chart keeps as they are read: metadata, audio, drum kit, editor.

Each takes the section and gives it back, or raises `BrokenDocument`. An empty title is odd and passes; a
missing one is broken.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from maps.chart.fields import has, number, refuse, rows, section, text, texts, whole
from maps.chart.limits import (
    LONGEST_MS,
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_COMPONENTS,
    MOST_MARKS,
    MOST_TAGS,
)

HARDEST = 10.0


def check_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    at = "/metadata"
    for key in ("title", "artist", "creator"):
        text(metadata, key, at, LONGEST_NAME)
    number(metadata, "difficulty", at, 0, HARDEST)
    if not _is_uuid(text(metadata, "beatmapId", at, 45)):
        raise refuse(metadata, "beatmapId", at, "a UUID")
    for key in ("createdAt", "modifiedAt"):
        if not _is_iso_time(text(metadata, key, at, 40)):
            raise refuse(metadata, key, at, "a time such as 2026-11-22T19:30:00Z (ISO 8601)")
    for key in ("source", "description"):
        if has(metadata, key):
            text(metadata, key, at, LONGEST_TEXT)
    if has(metadata, "tags"):
        texts(metadata, "tags", at, MOST_TAGS, LONGEST_NAME)
    if has(metadata, "previewTime"):
        number(metadata, "previewTime", at, -1, LONGEST_MS)  # -1: "none", as some editors write it
    return metadata


def check_audio(audio: dict[str, Any]) -> dict[str, Any]:
    at = "/audio"
    for key in ("filename", "hash"):
        text(audio, key, at, LONGEST_NAME)
    number(audio, "duration", at, 0, LONGEST_MS)
    whole(audio, "sampleRate", at, 1, 1_000_000)
    for key in ("drumStem", "drumStemHash"):
        if has(audio, key):
            text(audio, key, at, LONGEST_NAME)
    return audio


def check_drum_kit(drum_kit: dict[str, Any]) -> dict[str, Any]:
    texts(drum_kit, "components", "/drumKit", MOST_COMPONENTS, LONGEST_NAME)
    return drum_kit


def check_editor(editor: dict[str, Any]) -> dict[str, Any]:
    if has(editor, "sections"):
        for index, part in enumerate(rows(editor, "sections", "/editor", MOST_MARKS)):
            number(part, "time", f"/editor/sections/{index}", 0, LONGEST_MS)
            text(part, "label", f"/editor/sections/{index}", LONGEST_NAME)
    if has(editor, "aiGenerationMetadata"):
        made_by = section(editor, "aiGenerationMetadata", "/editor")
        at = "/editor/aiGenerationMetadata"
        if has(made_by, "modelVersion"):
            text(made_by, "modelVersion", at, LONGEST_NAME)
        if has(made_by, "confidence"):
            number(made_by, "confidence", at, 0, 1)
    return editor


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def _is_iso_time(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
