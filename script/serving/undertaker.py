"""Buries what a supervisor killed with -9 leaves behind.

A separate small process holds the reading end of a pipe. The supervisor writes `+PID` when a child (leader of
its own process group) starts and `-PID` when its group is gone. However the supervisor ends, the pipe closes;
the undertaker then asks every group still on its list to stop, waits, and kills. It works wherever process
groups do, and reaches grandchildren.
"""

import os
import signal
import subprocess
import sys
import time

GRACE_S = 5.0


class Undertaker:
    def __init__(self) -> None:
        self._running = subprocess.Popen(
            [sys.executable, "-m", "script.serving.undertaker"],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def watch(self, group: int) -> None:
        self._write(f"+{group}\n")

    def forget(self, group: int) -> None:
        self._write(f"-{group}\n")

    def dismiss(self) -> None:
        assert self._running.stdin
        self._running.stdin.close()
        self._running.wait()

    def _write(self, line: str) -> None:
        assert self._running.stdin
        self._running.stdin.write(line.encode())
        self._running.stdin.flush()


def signal_group(group: int, number: int) -> bool:
    """Sends a signal (0 only asks) to a process group; whether anybody was there."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def main() -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    left: set[int] = set()
    for line in sys.stdin:
        (left.add if line[0] == "+" else left.discard)(int(line[1:]))
    left = {group for group in left if signal_group(group, signal.SIGTERM)}
    deadline = time.monotonic() + GRACE_S
    while left and time.monotonic() < deadline:
        time.sleep(0.1)
        left = {group for group in left if signal_group(group, 0)}
    for group in left:
        signal_group(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
