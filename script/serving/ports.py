"""The port the site is served on: PORT or 8000, and who sits there if it is taken."""

import os
import socket
from pathlib import Path

from script.serving.terminal import StartRefused

HOST = "127.0.0.1"


def chosen_port() -> int:
    """The port asked for, proved free; otherwise refuses the start, naming who holds it."""
    wanted = os.environ.get("PORT") or "8000"
    if not wanted.isdigit() or not 0 < int(wanted) < 65536:
        raise StartRefused(f"PORT={wanted!r} is no port; choose a number from 1 to 65535, such as 8001.")
    port = int(wanted)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise StartRefused(
                f"Port {port} needs administrator rights; choose one above 1023: PORT=8001 script/server"
            ) from None
        except OSError:
            raise StartRefused(
                f"Port {port} is taken by {_holder(port)}.\n"
                f"Stop that, or choose another port: PORT={port + 1} script/server"
            ) from None
    return port


def _holder(port: int) -> str:
    """Who listens on a port, as far as Linux lets this user see; elsewhere just 'another program'."""
    inodes = {
        fields[9]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        if Path(table).exists()
        for fields in map(str.split, Path(table).read_text().splitlines()[1:])
        if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port
    }
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            target = os.readlink(descriptor)
        except OSError:
            continue
        if target.startswith("socket:[") and target[8:-1] in inodes:
            pid = descriptor.parts[2]
            return f"{Path(f'/proc/{pid}/comm').read_text().strip()} (process {pid})"
    return "another program"
