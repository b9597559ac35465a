"""Title, artist and genre as a file's own tags tell them.

mutagen reads tags whole and unpacks compressed ones, so that a few kilobytes may become gigabytes: it runs in a
process of its own, within limits, and a file that breaks it simply has no tags.
"""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from catalog.naming import tidy

log = logging.getLogger(__name__)

MEMORY_KIB = 512 * 1024
CPU_S, WALL_S = 5, 15
LONGEST_OUTPUT = 16_000

_LIMIT_AND_BECOME = 'ulimit -c 0; ulimit -v "$1" 2>/dev/null; ulimit -t "$2"; ulimit -f 0; shift 2; exec "$@"'
# Runs alone: our own modules would cost a second to import. ID3 without easy names is what a WAV carries.
_READ = """
import json, sys, mutagen
tags = getattr(mutagen.File(sys.argv[1], easy=True), "tags", None) or {}
def first(*names):
    for name in names:
        value = tags.get(name)
        if value:
            return str(value[0] if isinstance(value, (list, tuple)) else value)[:1000]
    return ""
print(json.dumps([first("title", "TIT2"), first("artist", "albumartist", "TPE1"), first("genre", "TCON")]))
"""


@dataclass(frozen=True)
class Tags:
    title: str = ""
    artist: str = ""
    genre: str = ""


def read_tags(path: Path) -> Tags:
    """What the file says of itself; empty where it says nothing or can't be read."""
    limited = ["/bin/sh", "-c", _LIMIT_AND_BECOME, "tags-limits", str(MEMORY_KIB), str(CPU_S)]
    try:
        done = subprocess.run(
            [*limited, sys.executable, "-I", "-c", _READ, str(path)],
            capture_output=True, stdin=subprocess.DEVNULL, timeout=WALL_S, check=True,
        )  # fmt: skip
        title, artist, genre = (tidy(str(value)) for value in json.loads(done.stdout[:LONGEST_OUTPUT]))
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        log.info("No tags can be read: %s", type(error).__name__)
        return Tags()
    return Tags(title, artist, genre)
