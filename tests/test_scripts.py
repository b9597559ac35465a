"""`script/server` as a person meets it: started, used, killed, stopped; and what it says when it can't start."""

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from script.installing import sources, stamps
from script.serving import embedded_redis
from script.serving.worker_packages import Progress
from tests.peers import free_port

ROOT = Path(__file__).resolve().parent.parent
HAPPENS_WITHIN_S = 120
CONFIGURED = (
    "DATABASE_URL",
    "REDIS_URL",
    "S3_ENDPOINT_URL",
    "DJANGO_SETTINGS_MODULE",
    "BEATSIGHT_REDIS_SOCKET",
)


class Server:
    """A `script/server` of its own: own data folder, own port, everything embedded."""

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


def _are_gone(pids: set[int]) -> bool:
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


def _serve(data_dir: Path) -> Iterator[Server]:
    server = Server(data_dir, free_port())
    try:
        yield server.is_up()
    finally:
        if server.running.poll() is None:
            server.stop()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from _serve(tmp_path_factory.mktemp("site"))


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Server]:
    yield from _serve(tmp_path / "data")


@pytest.mark.slow
def test_the_address_that_is_printed_shows_the_home_page(site: Server) -> None:
    assert site.says(r"serves at (\S+)")[1] == f"http://127.0.0.1:{site.port}/"
    status, page = site.get("/")
    assert (status, b"<html" in page.lower()) == (200, True)


@pytest.mark.slow
def test_the_demo_sign_in_that_is_printed_signs_in(site: Server) -> None:
    who = site.says(r"sign in as (\S+) with (\S+)")
    request = urllib.request.Request(
        f"http://127.0.0.1:{site.port}/_allauth/app/v1/auth/login",
        data=json.dumps({"email": who[1], "password": who[2]}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert json.load(answer)["meta"]["is_authenticated"]


@pytest.mark.slow
def test_the_embedded_redis_listens_on_a_private_socket_alone(site: Server) -> None:
    folder = (site.data_dir / "redis" / "redis.sock").resolve().parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    client = redis.Redis(unix_socket_path=str((site.data_dir / "redis" / "redis.sock").resolve()))
    assert client.config_get("port") == {"port": "0"}


@pytest.mark.slow
def test_the_page_can_read_that_the_ear_is_installed(site: Server) -> None:
    report = json.loads((site.data_dir / "worker-install.json").read_text())
    assert report["state"] == "ready"


@pytest.mark.slow
@pytest.mark.parametrize("child", ["worker", "gpu-worker", "web", "redis"])
def test_a_child_that_is_killed_comes_back(site: Server, child: str) -> None:
    os.kill(site.pid_of(child), signal.SIGKILL)
    site.says(rf"\b{child} │ ended \(signal SIGKILL\)")
    site.says(rf"\b{child} │ runs again as process \d+")
    assert site.serves("/readyz")


@pytest.mark.slow
def test_a_second_server_on_the_same_data_is_refused(site: Server) -> None:
    second = Server(site.data_dir, free_port())
    assert second.running.wait(timeout=HAPPENS_WITHIN_S) == 1
    second.says(rf"It already runs from .* \(process {site.running.pid}\)")


@pytest.mark.slow
def test_a_taken_port_is_refused_with_the_name_of_who_has_it(site: Server, tmp_path: Path) -> None:
    second = Server(tmp_path, site.port)
    assert second.running.wait(timeout=HAPPENS_WITHIN_S) == 1
    second.says(rf"Port {site.port} is taken by \S+")
    second.says(rf"PORT={site.port + 1} script/server")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_told_to_stop_leaves_nobody_behind(own_site: Server, number: int) -> None:
    everybody = own_site.everybody()
    assert own_site.stop(number) == 0
    assert _are_gone(everybody)


@pytest.mark.slow
def test_a_supervisor_that_is_killed_takes_everybody_along(own_site: Server) -> None:
    everybody = own_site.everybody()
    own_site.stop(signal.SIGKILL)
    assert len(everybody) > 5
    assert _are_gone(everybody)


@pytest.mark.parametrize("port", ["eight thousand", "0", "70000"])
def test_a_port_that_makes_no_sense_is_refused(port: str, tmp_path: Path) -> None:
    refused = subprocess.run(
        [ROOT / "script" / "server"],
        env={**os.environ, "PORT": port, "BEATSIGHT_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (refused.returncode, f"PORT={port!r} is no port" in refused.stderr) == (1, True)


@pytest.mark.parametrize(
    ("pretended", "said"),
    [
        pytest.param(None, "needs Python 3.11 or newer and found none", id="no Python"),
        pytest.param("exit 1", "needs Python 3.11 or newer and found none", id="an old Python"),
        pytest.param(
            'case "$2" in *venv*) exit 1;; esac', "sudo apt install python3-venv", id="without venv"
        ),
    ],
)
def test_a_machine_without_a_usable_python_is_told_what_to_do(
    pretended: str | None, said: str, tmp_path: Path
) -> None:
    (tmp_path / "script").mkdir()
    (tmp_path / "bin").mkdir()
    finder = shutil.copy(ROOT / "script" / "find-python", tmp_path / "script" / "find-python")
    for tool in ("dirname", "cat"):
        (tmp_path / "bin" / tool).symlink_to(str(shutil.which(tool)))
    if pretended is not None:
        python = tmp_path / "bin" / "python3"
        python.write_text(f"#!/bin/sh\n{pretended}\n")
        python.chmod(0o755)
    found = subprocess.run(
        ["/bin/sh", finder],
        env={"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (found.returncode, found.stdout, said in found.stderr) == (1, "", True)


def test_a_deep_data_folder_gets_a_short_socket_and_a_link_to_it(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 30)
    socket_path = embedded_redis.prepare_socket(deep)
    assert len(os.fsencode(socket_path)) <= embedded_redis.SOCKET_PATH_AT_MOST_BYTES
    assert (deep / "redis" / "redis.sock").resolve() == socket_path.resolve()
    shutil.rmtree(socket_path.parent)


def test_a_changed_requirements_file_is_installed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = tmp_path / "web.txt"
    wanted.write_text("django==5.2.19\n")
    monkeypatch.setattr(stamps, "VENV", tmp_path)
    monkeypatch.setattr(stamps, "SETS", {"web": [wanted]})
    stamps.mark_installed("web")
    assert stamps.is_installed("web")
    wanted.write_text("django==5.2.20\n")
    assert not stamps.is_installed("web")


def test_installing_a_set_also_installs_the_sets_within_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamps, "VENV", tmp_path)
    stamps.mark_installed("worker")
    assert [stamps.is_installed(name) for name in ("web", "worker", "test")] == [True, True, False]


def test_uv_looks_where_pip_would() -> None:
    settings = {"find-links": ["/wheels", "https://wheels.example"], "index-url": ["https://mirror.example"]}
    assert sources.uv_sources(settings) == [
        "--find-links=/wheels",
        "--find-links=https://wheels.example",
        "--default-index=https://mirror.example",
    ]


def test_a_cpu_wheel_at_hand_is_taken_without_asking_an_index(tmp_path: Path) -> None:
    (tmp_path / f"torch-2.13.0+cpu-{sources.PYTHON_TAG}-{sources.PYTHON_TAG}-linux_x86_64.whl").touch()
    assert sources.torch_source({"find-links": [str(tmp_path)]}, is_uv=True) == []


@pytest.mark.parametrize(
    "lines",
    [
        [
            "Downloading torch (180.5MiB)",
            "Downloading scipy (33.7MiB)",
            " Downloaded torch",
            "Prepared 36 packages",
        ],
        [
            "Collecting torch",
            "  Downloading torch-2.13.0-cp311.whl (180.5 MB)",
            "Installing collected packages: torch",
        ],
    ],
    ids=["uv", "pip"],
)
def test_progress_is_read_from_what_the_installer_says(lines: list[str]) -> None:
    progress = Progress("installing", "Looking up")
    seen = [progress := progress.after(line) for line in lines]
    assert any("torch (180.5" in known.detail for known in seen)
    assert (progress.detail, progress.done) == ("Unpacking", progress.of)
