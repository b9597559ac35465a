"""Real peers for the tests: programs and servers that speak the protocol, each on a free loopback port.

A peer is a session fixture: started when the first test asks for it, ended by its process id after the last.
`s3_server` is nanio, `clamd` is ClamAV's daemon with a two-line database that knows EICAR's test file,
`acoustid_server` answers as AcoustID's API does and is told what to know.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acoustid import AcoustIDServer

HOST = "127.0.0.1"
ANSWERS_WITHIN_S = 30
DAEMON_FOLDERS = "/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"

# Harmless by design: every scanner reports it. Joined here so that a scanner leaves this file alone.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass(frozen=True)
class S3Server:
    url: str
    access_key_id: str
    secret_access_key: str
    bucket: str
    region: str = "us-east-1"


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """An S3 server with one empty bucket. It refuses tampered, expired, unsigned and over-size requests."""
    import boto3

    port = free_port()
    server = S3Server(f"http://{HOST}:{port}", "beatsight-test", "a-secret-of-the-tests", "beatsight-test")
    nanio = [sys.executable, "-m", "nanio", "serve", f"--host={HOST}", f"--port={port}"]
    folder = tmp_path_factory.mktemp("s3")
    with running(
        [*nanio, f"--data-dir={folder}"],
        lambda: answers(port),
        {"NANIO_ACCESS_KEY": server.access_key_id, "NANIO_SECRET_KEY": server.secret_access_key},
    ):
        boto3.client(
            "s3",
            endpoint_url=server.url,
            aws_access_key_id=server.access_key_id,
            aws_secret_access_key=server.secret_access_key,
            region_name=server.region,
        ).create_bucket(Bucket=server.bucket)
        yield server


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a ClamAV daemon, as CLAMD_URL takes it: `tcp://127.0.0.1:PORT`."""
    program = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:{DAEMON_FOLDERS}")
    if program is None:
        pytest.skip("clamd is not installed: sudo apt-get install clamav-daemon")
    folder, port = tmp_path_factory.mktemp("clamd"), free_port()
    # Offset 0 is the file itself; * finds it inside another file, as in a song with something behind it.
    (folder / "eicar.ndb").write_text(
        f"Eicar-Test-Signature:0:0:{EICAR.hex()}\nEicar-Test-Signature-Inside:0:*:{EICAR.hex()}\n"
    )
    (folder / "clamd.conf").write_text(
        "\n".join(
            [
                "Foreground yes",
                f"TCPAddr {HOST}",
                f"TCPSocket {port}",
                f"DatabaseDirectory {folder}",
                f"TemporaryDirectory {folder}",
                "StreamMaxLength 250M",
                "MaxScanSize 400M",
                "MaxFileSize 250M",
                "",
            ]
        )
    )
    with running([program, f"--config-file={folder / 'clamd.conf'}"], lambda: answers(port)):
        yield f"tcp://{HOST}:{port}"


@pytest.fixture
def acoustid_server() -> Iterator[AcoustIDServer]:
    """An AcoustID of one's own; its `url` is what ACOUSTID_URL takes."""
    with AcoustIDServer(HOST) as server:
        yield server


@contextmanager
def running(
    command: Sequence[str],
    is_ready: Callable[[], bool],
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that runs inside the `with`, from when it is ready; ended with everything it started."""
    program = subprocess.Popen(
        command, env={**os.environ, **(environment or {})}, cwd=cwd, start_new_session=True
    )
    try:
        deadline = time.monotonic() + ANSWERS_WITHIN_S
        while not is_ready():
            if program.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not come up (exit code {program.poll()})")
            time.sleep(0.05)
        yield program
    finally:
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGTERM)
        try:
            program.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1):
            return True
    except OSError:
        return False
