"""An ear that speaks the real protocol in milliseconds: `python -m aijobs.tests.fake_ear`.

The song is its script, a JSON object: `{"hold_at": stage, "while": path}` stands still at a stage as long as the file
`path` exists, `{"die_at": stage}` kills itself there, `{"refuse": code}` answers with an error, `{"silent_s": n}`
says nothing for n seconds, `{"separation_note": text}` is passed on. A song that is no JSON is simply listened to.
"""

import json
import os
import signal
import sys
import time
import uuid
from pathlib import Path

STAGES = ("decode", "separate", "transcribe", "beats", "quantise", "store")


def main() -> None:
    parent = os.getppid()
    say(ready=True)
    for line in sys.stdin:
        request = json.loads(line)
        script = script_in(Path(request["song"]))
        time.sleep(script.get("silent_s", 0))
        for stage in STAGES:
            say(stage=stage, progress=0.0)
            while (
                script.get("hold_at") == stage and Path(script["while"]).exists() and os.getppid() == parent
            ):
                time.sleep(0.02)
            if os.getppid() != parent:
                return
            if script.get("die_at") == stage:
                os.kill(os.getpid(), signal.SIGKILL)
            say(stage=stage, progress=1.0)
        if "refuse" in script:
            say(error={"code": script["refuse"], "detail": "This is no song."})
        else:
            say(result=listen(request, script))


def script_in(song: Path) -> dict:
    try:
        return json.loads(song.read_bytes())
    except ValueError:
        return {}


def listen(request: dict, script: dict) -> dict:
    Path(request["map"]).write_text(json.dumps(map_of(request["title"], request["artist"])))
    (Path(request["stems"]) / "drums.flac").write_bytes(b"drums")
    (Path(request["stems"]) / "rest.flac").write_bytes(b"rest")
    Path(request["peaks"]).write_text('{"version": 1}')
    return {
        "model_version": "scripted-1",
        "confidence": 0.75,
        "separation": "none" if "separation_note" in script else "htdemucs",
        "separation_note": script.get("separation_note"),
        "duration_ms": 2000,
        "notes": 2,
        "stems": {"drums": "drums.flac", "rest": "rest.flac"},
        "stage_seconds": {stage: 0.0 for stage in STAGES},
        "summary": None,
    }


def map_of(title: str, artist: str) -> dict:
    """A `.bsm` file of two notes at 120 beats a minute."""
    now = "2026-11-22T12:00:00+00:00"
    return {
        "version": "1.1.0",
        "metadata": {
            **{"title": title, "artist": artist, "creator": "scripted", "difficulty": 1.0},
            **{"beatmapId": str(uuid.uuid4()), "createdAt": now, "modifiedAt": now},
        },
        "audio": {
            "filename": "song.wav",
            "hash": "sha256:" + "0" * 64,
            "duration": 2000,
            "sampleRate": 44100,
        },
        "timing": {
            **{"bpm": 120.0, "offset": 0, "timeSignature": "4/4"},
            "timingPoints": [{"time": 0, "bpm": 120.0, "timeSignature": "4/4", "tick": 0}],
        },
        "drumKit": {"components": ["kick", "snare"]},
        "hitObjects": [
            {
                "id": "n1",
                "tick": 0,
                "time": 0,
                "component": "kick",
                "velocity": 0.8,
                "lane": 0,
                "confidence": 0.8,
            },
            {
                "id": "n2",
                "tick": 960,
                "time": 500,
                "component": "snare",
                "velocity": 0.8,
                "lane": 2,
                "confidence": 0.7,
            },
        ],
    }


def say(**message: object) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main()
