"""The ear as a worker's child: one JSON request a line on stdin, JSON lines of progress and result on stdout.

The model is loaded once, before `{"ready": true}`. Nothing else ever reaches stdout: what libraries print
there goes to stderr. The child ends with its parent: the kernel kills it when the parent's thread that
started it ends, and where the kernel can't, it notices a new parent itself.
"""

import ctypes
import json
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any, TextIO

from transcription import weights
from transcription.failures import Failure, failure_of
from transcription.pipeline import Request, transcribe

PR_SET_PDEATHSIG = 1  # linux/prctl.h
WATCH_S = 0.5
LEAST_BETWEEN_S = 0.2  # five messages a second are enough to look alive

log = logging.getLogger(__name__)


def serve() -> int:
    """Answers requests until stdin ends; then the exit status, 0."""
    end_with_parent()
    answers = take_stdout()
    ear = weights.load()
    say(answers, {"ready": True})
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            result = transcribe(request_from(json.loads(line)), ear, Reporter(answers))
        except Exception as error:
            log.exception("transcription failed")
            say(answers, {"error": _as_object(failure_of(error))})
        else:
            say(answers, {"result": result.as_object()})
    return 0


def request_from(asked: dict[str, Any]) -> Request:
    """`song` and `map` are required; raises KeyError."""
    return Request(
        song=Path(asked["song"]),
        map=Path(asked["map"]),
        stems=Path(asked["stems"]) if asked.get("stems") else None,
        peaks=Path(asked["peaks"]) if asked.get("peaks") else None,
        title=asked.get("title"),
        artist=asked.get("artist"),
    )


class Reporter:
    """Passes progress on: every stage's start, and in between no more than people can follow."""

    def __init__(self, answers: TextIO) -> None:
        self._answers = answers
        self._stage = ""
        self._said_at = 0.0

    def __call__(self, stage: str, progress: float) -> None:
        now = time.monotonic()
        if stage == self._stage and now - self._said_at < LEAST_BETWEEN_S:
            return
        self._stage, self._said_at = stage, now
        say(self._answers, {"stage": stage, "progress": round(progress, 3)})


def say(answers: TextIO, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def take_stdout() -> TextIO:
    """Keeps the real stdout for answers and sends everybody else's prints to stderr."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def end_with_parent() -> None:
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _as_object(failure: Failure) -> dict[str, str]:
    return {"code": failure.code, "detail": failure.detail}
