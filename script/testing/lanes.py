"""The lanes: which tests each runs, on what, and how to bring the peer it needs."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from script.testing.peers import embedded_default, real_servers

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Lane:
    name: str
    options: Sequence[str]
    servers: Callable[[], AbstractContextManager[dict[str, str]]]
    is_peer_present: Callable[[], bool] = lambda: True
    bring_it_with: str = ""


def _has_clamd() -> bool:
    return any(Path(folder, "clamd").exists() for folder in _folders_of_daemons()) or bool(
        shutil.which("clamd")
    )


def _folders_of_daemons() -> Iterator[str]:
    yield from ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")


def _has_chromium() -> bool:
    return any(map(shutil.which, CHROMIUM_NAMES))


# The rooms that keep something; decoding and the ear know no database and are the same on any.
ROOMS = [
    *(
        "accounts",
        "aijobs",
        "beatsight",
        "billing",
        "catalog",
        "foundation",
        "karma",
        "maps",
        "notifications",
    ),
    "tests",
]
WITHOUT_PEERS = "not browser and not clamd and not s3"

LANES = [
    Lane("main", ["--durations=10", "-m", WITHOUT_PEERS], real_servers),
    Lane("embedded", [*ROOMS, "-m", f"{WITHOUT_PEERS} and not slow"], embedded_default),
    Lane("s3", ["-m", "s3"], real_servers),
    Lane("clamd", ["-m", "clamd"], real_servers, _has_clamd, "sudo apt-get install clamav-daemon"),
    Lane("browser", ["-m", "browser"], real_servers, _has_chromium, "sudo apt-get install chromium"),
]
