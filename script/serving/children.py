"""Keeps one command alive: starts it in a process group of its own, again when it dies, and ends it whole."""

import asyncio
import re
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from script.serving.terminal import say
from script.serving.undertaker import Undertaker, signal_group

FIRST_RESTART_AFTER_S = 0.5
RESTART_AFTER_AT_MOST_S = 30.0
HEALTHY_AFTER_S = 20.0
GRACE_S = 8.0
LOG_AT_MOST_BYTES = 10_000_000
WORTH_SAYING = re.compile(r"\b(ERROR|CRITICAL|Traceback|FATAL)\b|^\w*(Error|Exception)\b")


@dataclass
class Child:
    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    log: Path
    undertaker: Undertaker
    pid: int | None = None
    _is_stopping: bool = False
    _keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Starts the command and keeps it alive from here on; returns when it runs."""
        self._keeper = asyncio.create_task(self._keep_alive(await self._spawn()))

    async def stop(self) -> None:
        """Asks the whole group to end, kills it after a grace, and returns when nothing of it is left."""
        self._is_stopping = True
        if self._keeper is None:
            return
        if self.pid is None:
            self._keeper.cancel()
        else:
            signal_group(self.pid, signal.SIGTERM)
            await asyncio.wait([self._keeper], timeout=GRACE_S)
            if self.pid is not None:
                signal_group(self.pid, signal.SIGKILL)
        await asyncio.wait([self._keeper])

    async def _keep_alive(self, running: asyncio.subprocess.Process) -> None:
        restart_after_s = FIRST_RESTART_AFTER_S
        while True:
            began = time.monotonic()
            ending = await self._end_of(running)
            if self._is_stopping:
                return
            if time.monotonic() - began > HEALTHY_AFTER_S:
                restart_after_s = FIRST_RESTART_AFTER_S
            say(f"ended ({ending}); starting it again in {restart_after_s:g} s. Log: {self.log}", self.name)
            await asyncio.sleep(restart_after_s)
            restart_after_s = min(restart_after_s * 2, RESTART_AFTER_AT_MOST_S)
            running = await self._spawn()
            say(f"started as process {running.pid} again", self.name)

    async def _spawn(self) -> asyncio.subprocess.Process:
        if self.log.exists() and self.log.stat().st_size > LOG_AT_MOST_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        running = await asyncio.create_subprocess_exec(
            *self.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**self.environment, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
        self.pid = running.pid
        self.undertaker.watch(running.pid)
        return running

    async def _end_of(self, running: asyncio.subprocess.Process) -> str:
        assert running.stdout
        listening = asyncio.create_task(self._listen(running.stdout))
        code = await running.wait()
        # What the command itself started ends with it; a pool's child or the ear would otherwise linger.
        signal_group(running.pid, signal.SIGKILL)
        self.undertaker.forget(running.pid)
        self.pid = None
        await listening
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    async def _listen(self, output: asyncio.StreamReader) -> None:
        """Writes the command's output to its log; what sounds like an error also goes to the terminal."""
        with open(self.log, "ab", buffering=0) as log:
            while chunk := await _line_or_chunk(output):
                log.write(chunk)
                line = chunk.decode(errors="replace").rstrip()
                if WORTH_SAYING.search(line):
                    say(line[:300], self.name)


async def _line_or_chunk(output: asyncio.StreamReader) -> bytes:
    """The next line; of a line longer than the reader holds, the next piece. Empty at the end."""
    try:
        return await output.readuntil(b"\n")
    except asyncio.IncompleteReadError as end:
        return end.partial
    except asyncio.LimitOverrunError as too_long:
        return await output.readexactly(too_long.consumed)
