"""Small `.bsm` files for tests: a whole valid one, to be changed where a test needs it."""

from typing import Any

import orjson


def bsm_1_0(**sections: Any) -> dict[str, Any]:
    """A file as the desktop client writes it: one bar of rock at 120 bpm that begins 1 s into the sound."""
    return {
        "version": "1.0.0",
        "metadata": {
            "title": "Sectoid",
            "artist": "The Drummers",
            "creator": "somebody",
            "difficulty": 3.5,
            "beatmapId": "7b1c2f0e-64a4-4c8e-9c49-6f2a5a6f0001",
            "createdAt": "2026-11-22T19:30:00Z",
            "modifiedAt": "2026-11-22T19:30:00Z",
        },
        "audio": {"filename": "song.ogg", "hash": "sha256:0a1b", "duration": 180000, "sampleRate": 44100},
        "timing": {"bpm": 120.0, "offset": 1000, "timeSignature": "4/4", "timingPoints": []},
        "drumKit": {"components": ["kick", "snare", "hihat_closed"]},
        "hitObjects": [
            {"time": 1000, "component": "kick", "velocity": 0.8, "lane": 0},
            {"time": 1500, "component": "snare", "velocity": 0.95, "lane": 2},
            {"time": 1750, "component": "hihat_closed", "velocity": 0.5, "lane": 3},
        ],
        **sections,
    }


def hit(time_ms: int, component: str = "snare", **keys: Any) -> dict[str, Any]:
    return {"time": time_ms, "component": component, "velocity": 0.8, "lane": 2, **keys}


def timing(*points: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"bpm": 120, "offset": 0, "timeSignature": "4/4", "timingPoints": list(points), **keys}


def as_bytes(document: Any) -> bytes:
    return orjson.dumps(document)
