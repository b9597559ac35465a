"""Malware scanning by ClamAV's daemon: the file is streamed to it, its answer is one line.

A file is clean only when the daemon said so. Where it can't be asked, or doesn't answer sensibly, nothing is known
and the caller tries again later.
"""

import socket
import struct
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

CHUNK_BYTES = 256 * 1024
# Connecting, and the longest silence while the daemon works on a large file.
ANSWER_WITHIN_S = 60
DEFAULT_PORT = 3310


class ScanUnavailable(Exception):
    """Nobody can say whether the file is clean."""


def infection_in(path: Path) -> str | None:
    """The name of what the daemon found, None for a clean file. Raises `ScanUnavailable`.

    Without a daemon in the settings nothing is scanned, unless they require it.
    """
    if not settings.CLAMD_URL:
        if settings.SCANNING_REQUIRED:
            raise ScanUnavailable("Scanning is required, but CLAMD_URL is not set.")
        return None
    try:
        answer = _ask(path)
    except OSError as error:
        raise ScanUnavailable(f"clamd at {settings.CLAMD_URL}: {error}") from error
    if answer == "stream: OK":
        return None
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    # Such as "INSTREAM size limit exceeded. ERROR": its StreamMaxLength is below our UPLOAD_MAX_BYTES.
    raise ScanUnavailable(f"clamd answered {answer!r}.")


def _ask(path: Path) -> str:
    """INSTREAM: chunks with their length before them, an empty one at the end. Source: clamd(8)."""
    with _connect() as daemon, path.open("rb") as file:
        try:
            daemon.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK_BYTES):
                daemon.sendall(struct.pack(">I", len(chunk)) + chunk)
            daemon.sendall(struct.pack(">I", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has read enough; its answer says why
        answer = b""
        while len(answer) < 4096 and (part := daemon.recv(4096)):
            answer += part
    return answer.rstrip(b"\0\n").decode(errors="replace")


def _connect() -> socket.socket:
    address = urlsplit(settings.CLAMD_URL)
    if address.scheme == "tcp":
        host, port = address.hostname or "localhost", address.port or DEFAULT_PORT
        return socket.create_connection((host, port), timeout=ANSWER_WITHIN_S)
    daemon = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    daemon.settimeout(ANSWER_WITHIN_S)
    try:
        daemon.connect(address.path)
    except OSError:
        daemon.close()
        raise
    return daemon
