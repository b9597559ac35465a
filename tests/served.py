"""A `script/server` of its own for a test: own data folder, own port, everything embedded."""

import os
import re
import signal
import subprocess
import threading
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HAPPENS_WITHIN_S = 120
CONFIGURED = {
    "DATABASE_URL",
    "REDIS_URL",
    "S3_ENDPOINT_URL",
    "DJANGO_SETTINGS_MODULE",
    "BEATSIGHT_REDIS_SOCKET",
}


class Server:
    """Reads what the server says as it comes, and asks it for pages."""

    def __init__(self, data_dir: Path, port: int) -> None:
        self.data_dir, self.port = data_dir, port
        environment = {name: value for name, value in os.environ.items() if name not in CONFIGURED}
        self.running = subprocess.Popen(
            [ROOT / "script" / "server"],
            env={**environment, "BEATSIGHT_DATA_DIR": str(data_dir), "PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def says(self, wanted: str) -> re.Match[str]:
        """Returns when a line matches."""
        deadline = time.monotonic() + HAPPENS_WITHIN_S
        while time.monotonic() < deadline:
            for line in self.lines:
                if found := re.search(wanted, line):
                    return found
            if not self._reader.is_alive():
                break
            time.sleep(0.05)
        pytest.fail(f"the server never said {wanted!r}:\n" + "\n".join(self.lines))

    def is_up(self) -> "Server":
        self.says(r"gpu-worker │ started")
        return self

    def pid_of(self, child: str) -> int:
        return int(self.says(rf"{child} │ started as process (\d+)")[1])

    def get(self, path: str) -> tuple[int, bytes]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return answer.status, answer.read()

    def serves(self, path: str) -> bool:
        """Whether a page is there within reasonable time; right after a restart it may take some."""
        deadline = time.monotonic() + HAPPENS_WITHIN_S
        while time.monotonic() < deadline:
            try:
                return self.get(path)[0] == 200
            except OSError:
                time.sleep(0.1)
        return False

    def everybody(self) -> set[int]:
        """The supervisor and all that descends from it."""
        parents = {}
        for line in subprocess.check_output(["ps", "-e", "-o", "pid=,ppid="], text=True).splitlines():
            pid, parent = map(int, line.split())
            parents[pid] = parent
        family = {self.running.pid}
        while more := {pid for pid, parent in parents.items() if parent in family} - family:
            family |= more
        return family

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.running.send_signal(number)
        return self.running.wait(timeout=HAPPENS_WITHIN_S)

    def _read(self) -> None:
        assert self.running.stdout
        with self.running.stdout as said:
            for line in said:
                self.lines.append(line.rstrip())


def are_gone(pids: set[int]) -> bool:
    """Whether every process ends within reasonable time."""
    deadline = time.monotonic() + HAPPENS_WITHIN_S
    while any(Path(f"/proc/{pid}").exists() and not _is_zombie(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
