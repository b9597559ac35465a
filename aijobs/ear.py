"""The only door to the ear: a warm child process that listens to one song after another.

The child holds torch and the model and speaks JSON lines (`python -m transcription --serve`): a request on its
standard input, stages and then a result or an error on its standard output. It may hang, crash or be killed for want
of memory; the parent reads with a deadline, asks four times a second whether the work is still wanted, and ends the
child with everything that it started.
"""

import contextlib
import json
import logging
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings

log = logging.getLogger(__name__)

#: How often the parent looks up while the ear is silent.
LOOK_UP_S = 0.25
#: A stage and its progress within it, 0 to 1.
OnStage = Callable[[str, float], None]


class EarDied(Exception):
    """The child ended or stood still; another try may do better. Says so in a sentence."""


class EarTooSlow(EarDied):
    """The child was ended for taking too long; another try would take as long."""


class EarRefused(Exception):
    """The ear has listened and says that this song can't be done."""

    def __init__(self, code: str, detail: str):
        super().__init__(detail)
        self.code, self.detail = code, detail


class NoLongerWanted(Exception):
    """Somebody cancelled, or the job is another worker's now."""


class Ear:
    """One warm child, started when first needed and again after it died."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._unread = b""
        self._is_ready = False

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    def wake(self) -> None:
        """Start the child if none is alive, without waiting for its models."""
        if self._child and self._child.poll() is None:
            return
        self.kill()
        # A session of its own, so that the child and whatever it starts can be ended together.
        self._child = subprocess.Popen(
            settings.EAR_COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=settings.BASE_DIR,
            start_new_session=True,
        )
        log.info("The ear is process %s", self._child.pid)

    def warm_up(self) -> None:
        """Start the child and wait until its models are loaded. Raises `EarDied`."""
        self.wake()
        self._await_ready(lambda: True)

    def listen(
        self, request: dict[str, str], on_stage: OnStage, is_wanted: Callable[[], bool]
    ) -> dict[str, Any]:
        """Have one song listened to; gives the result as the ear tells it.

        Raises `EarRefused`, `EarDied`, or `NoLongerWanted` as soon as `is_wanted()` is false. After the latter two
        the child is gone.
        """
        try:
            self.wake()
            self._await_ready(is_wanted)
            self._say(request)
            for message in self._messages(settings.JOB_MAX_RUN_S, is_wanted):
                if "result" in message:
                    return message["result"]
                if "error" in message:
                    raise EarRefused(message["error"]["code"], message["error"]["detail"])
                if "stage" in message:
                    on_stage(message["stage"], float(message.get("progress", 0)))
            raise AssertionError("messages end with an exception only")
        except EarRefused:
            raise
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        """End the child and all that it started, at once."""
        child, self._child, self._unread, self._is_ready = self._child, None, b"", False
        if child is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        for pipe in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]

    def _await_ready(self, is_wanted: Callable[[], bool]) -> None:
        if self._is_ready:
            return
        try:
            for message in self._messages(settings.EAR_START_MAX_S, is_wanted):
                if message.get("ready"):
                    self._is_ready = True
                    return
        except EarTooSlow:
            raise EarDied("The listening program did not start.") from None

    def _say(self, request: dict[str, str]) -> None:
        assert self._child and self._child.stdin
        try:
            self._child.stdin.write(json.dumps(request).encode() + b"\n")
            self._child.stdin.flush()
        except BrokenPipeError:
            raise EarDied(self._how_it_ended()) from None

    def _messages(self, within_s: float, is_wanted: Callable[[], bool]) -> Iterator[dict[str, Any]]:
        """What the child says, line by line. Raises `EarDied` at its end or after `within_s`, `NoLongerWanted`."""
        assert self._child and self._child.stdout
        deadline = time.monotonic() + within_s
        with selectors.DefaultSelector() as selector:
            selector.register(self._child.stdout, selectors.EVENT_READ)
            while True:
                line, newline, rest = self._unread.partition(b"\n")
                if newline:
                    self._unread = rest
                    if message := _message(line):
                        yield message
                    continue
                if not is_wanted():
                    raise NoLongerWanted
                if time.monotonic() > deadline:
                    raise EarTooSlow(
                        f"Listening took longer than {within_s / 60:.0f} minutes. Try a shorter song."
                    )
                if selector.select(LOOK_UP_S):
                    heard = os.read(self._child.stdout.fileno(), 65536)
                    if not heard:
                        raise EarDied(self._how_it_ended())
                    self._unread += heard

    def _how_it_ended(self) -> str:
        assert self._child
        try:
            code = self._child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return "The listening program stopped answering."
        if code == -signal.SIGKILL:
            return "The listening program was ended by the system, most often for want of memory."
        if code < 0:
            return f"The listening program crashed ({signal.Signals(-code).name})."
        return f"The listening program stopped by itself (exit code {code})."


def _message(line: bytes) -> dict[str, Any] | None:
    try:
        message = json.loads(line)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        log.warning("The ear said what is no message: %r", line[:200])
        return None
    return message
