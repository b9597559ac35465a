"""Installs the ear's heavy packages behind the running site, and says how far it is.

Two audiences: the terminal gets a line now and then, and the page may read `DATA/worker-install.json`:
`{"state": "installing" | "ready" | "failed", "detail": sentence, "done": downloads, "of": downloads so far}`.
"""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from script.installing import stamps
from script.places import write_whole
from script.serving.terminal import say
from script.serving.undertaker import Undertaker, signal_group

SPEAKER = "packages"


@dataclass(frozen=True)
class Progress:
    state: str
    detail: str
    done: int = 0
    of: int = 0

    def after(self, line: str) -> "Progress":
        """What is known after one more line of uv or pip."""
        if found := re.match(r"\s*Downloading (\S+) \(([\d.]+\s?[kMG]i?B)\)", line):
            return replace(self, of=self.of + 1, detail=f"Downloading {_short(found[1])} ({found[2]})")
        if found := re.match(r"\s*Downloaded (\S+)", line):
            return replace(self, done=self.done + 1, detail=f"Downloaded {_short(found[1])}")
        if line.startswith(("Prepared ", "Installing collected packages:")):
            return replace(self, done=self.of, detail="Unpacking")
        return self


class WorkerPackages:
    def __init__(self, data_dir: Path, environment: Mapping[str, str], undertaker: Undertaker) -> None:
        self._report = data_dir / "worker-install.json"
        self._log = data_dir / "logs" / "packages.log"
        self._environment = environment
        self._undertaker = undertaker
        self._installer: asyncio.subprocess.Process | None = None

    async def arrive(self) -> bool:
        """Returns when the packages are in (True) or could not be had (False)."""
        if stamps.is_installed("worker"):
            self._tell(Progress("ready", "The ear's packages are installed"))
            return True
        said = await self._install(Progress("installing", "Looking up the ear's packages"))
        is_ready = self._installer is not None and self._installer.returncode == 0
        if is_ready:
            self._tell(Progress("ready", "The ear's packages are installed", said.of, said.of))
        else:
            reason = f"The ear's packages could not be installed: {self._log}"
            self._tell(replace(said, state="failed", detail=reason))
            say("The site runs but makes no new maps. Stop and start it again to retry.", SPEAKER)
        return is_ready

    def stop(self) -> None:
        if self._installer is not None and self._installer.returncode is None:
            signal_group(self._installer.pid, signal.SIGKILL)

    async def _install(self, progress: Progress) -> Progress:
        self._tell(progress)
        # The site that already serves goes first: the installer takes the processor time that is left.
        self._installer = await asyncio.create_subprocess_exec(
            *([] if sys.platform == "win32" else ["nice", "-n", "10"]),
            *(sys.executable, "-m", "script.installing", "worker"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, **self._environment},
            start_new_session=True,
        )
        self._undertaker.watch(self._installer.pid)
        assert self._installer.stdout
        with open(self._log, "w") as log:
            async for raw in self._installer.stdout:
                line = raw.decode(errors="replace")
                log.write(line)
                log.flush()
                known = progress.after(line)
                if known != progress:
                    progress = known
                    self._tell(progress)
        await self._installer.wait()
        self._undertaker.forget(self._installer.pid)
        return progress

    def _tell(self, progress: Progress) -> None:
        write_whole(self._report, json.dumps(asdict(progress)))
        counted = f"  {progress.done} of {progress.of}" if progress.of else ""
        say(f"{progress.detail}{counted}", SPEAKER)


def _short(name: str) -> str:
    """`torch` of `torch`, of `torch==2.13.0` and of a wheel's file name."""
    return re.split(r"==|-\d", name.rpartition("/")[2])[0]
