"""Which processes make the site, and in what order they come up."""

import asyncio
import time
import urllib.error
import urllib.request
from pathlib import Path

from script.places import VENV_PYTHON
from script.serving import embedded_redis
from script.serving.children import Child
from script.serving.ports import HOST
from script.serving.terminal import say
from script.serving.undertaker import Undertaker

SERVES_WITHIN_S = 90
LIGHT_QUEUES = "default,mail,fingerprint"
HEAVY_QUEUES = "gpu-priority,gpu"


class Site:
    def __init__(self, port: int, data_dir: Path, environment: dict[str, str]) -> None:
        self.port = port
        self.address = f"http://{HOST}:{port}/"
        self.undertaker = Undertaker()
        self.children: list[Child] = []
        self._data_dir = data_dir
        self._environment = environment

    async def start_redis(self, socket_path: Path) -> None:
        await self._start("redis", *embedded_redis.command(self._data_dir, socket_path))
        await asyncio.to_thread(embedded_redis.wait_until_it_answers, socket_path)

    async def start_web(self) -> None:
        """Starts the web and returns when /healthz answers."""
        await self._start(
            "web",
            *(VENV_PYTHON, "-m", "uvicorn", "beatsight.asgi:application"),
            *(f"--host={HOST}", f"--port={self.port}", "--timeout-graceful-shutdown=3"),
        )
        await asyncio.to_thread(self._wait_until_it_serves)

    async def start_light_workers(self) -> None:
        light = ("--hostname=light@%h", f"--queues={LIGHT_QUEUES}", "--concurrency=2")
        await self._start("worker", *_celery("worker"), *light)
        await self._start("beat", *_celery("beat"), "--pidfile=")

    async def start_gpu_worker(self) -> None:
        """One song at a time: the model fills the machine, and a waiting job stays free for another worker."""
        await self._start(
            "gpu-worker",
            *_celery("worker"),
            *("--hostname=gpu@%h", f"--queues={HEAVY_QUEUES}"),
            *("--pool=solo", "--concurrency=1", "--prefetch-multiplier=1"),
        )

    async def stop(self) -> None:
        """Ends every child, those that use Redis before Redis."""
        for is_redis in (False, True):
            turn = [child for child in self.children if (child.name == "redis") is is_redis]
            await asyncio.gather(*(child.stop() for child in turn))
        self.undertaker.dismiss()

    async def _start(self, name: str, *command: str | Path) -> None:
        log = self._data_dir / "logs" / f"{name}.log"
        child = Child(name, command, self._environment, log, self.undertaker)
        self.children.append(child)
        await child.start()
        say(f"started as process {child.pid}", name)

    def _wait_until_it_serves(self) -> None:
        deadline = time.monotonic() + SERVES_WITHIN_S
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.address}healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise TimeoutError(
            f"The web did not answer within {SERVES_WITHIN_S} s. Its log: {self.children[-1].log}"
        )


def _celery(role: str) -> list[str | Path]:
    return [VENV_PYTHON, "-m", "celery", "-A", "beatsight", role, "--loglevel=INFO"]
