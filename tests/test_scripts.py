"""`script/server` as a person meets it: started, used, killed, stopped; and what it says when it can't start."""

import json
import os
import shutil
import signal
import stat
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from script.serving import embedded_redis
from tests.peers import free_port
from tests.served import HAPPENS_WITHIN_S, ROOT, Server, are_gone


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
    site.says(rf"\b{child} │ started as process \d+ again")
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
    assert are_gone(everybody)


@pytest.mark.slow
def test_a_supervisor_that_is_killed_takes_everybody_along(own_site: Server) -> None:
    everybody = own_site.everybody()
    own_site.stop(signal.SIGKILL)
    assert len(everybody) > 5
    assert are_gone(everybody)


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
