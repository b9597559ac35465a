"""The whole site as `script/server` runs it, from an empty data folder, for one journey after another."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from tests.peers import free_port

ROOT = Path(__file__).resolve().parents[2]
#: What would tell the server to use something else than the embedded default.
CONFIGURING = {
    "DATABASE_URL", "REDIS_URL", "S3_ENDPOINT_URL", "CLAMD_URL", "ACOUSTID_API_KEY", "BEATSIGHT_REDIS_SOCKET",
    "DJANGO_SETTINGS_MODULE",
}  # fmt: skip
STARTS_WITHIN_S = 120


@dataclass(frozen=True)
class Site:
    address: str
    log: Path
    password: str

    def kill_gpu_worker(self) -> None:
        """kill -9 on the worker that listens to songs; the supervisor starts another."""
        os.kill(self._newest_pid("gpu-worker"), signal.SIGKILL)

    def kill_light_worker(self) -> None:
        os.kill(self._newest_pid("worker"), signal.SIGKILL)

    def _newest_pid(self, name: str) -> int:
        return int(re.findall(rf"^ *{name} │ started as process (\d+)", self.log.read_text(), re.M)[-1])


@contextmanager
def running_site(folder: Path, configuration: Mapping[str, str] | None = None) -> Iterator[Site]:
    """Start `script/server` on a free port, wait for its workers, stop it as Ctrl-C would."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name not in CONFIGURING}
    environment |= {"PORT": str(port), "BEATSIGHT_DATA_DIR": str(folder / "data")}
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            ["script/server"],
            cwd=ROOT,
            env=environment | dict(configuration or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_it_works(server, log, f"http://127.0.0.1:{port}/healthz")
        password = re.search(r"with (\S+)", log.read_text())
        yield Site(f"http://127.0.0.1:{port}", log, password.group(1) if password else "")
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait_until_it_works(server: subprocess.Popen, log: Path, health: str) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline and server.poll() is None:
        if "gpu-worker │ started" in log.read_text():
            with urlopen(health, timeout=5) as answer:
                assert answer.status == 200
            return
        time.sleep(0.2)
    raise AssertionError(f"The site did not start:\n{log.read_text()}")
