"""The story of a test run: install, check, lanes, and a closing list that hides nothing."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from script.installing.packages import InstallFailed, install
from script.places import ROOT, VENV, VENV_PYTHON


@dataclass(frozen=True)
class Outcome:
    name: str
    is_passed: bool
    said: str
    seconds: float


def main(arguments: list[str]) -> int:
    install(
        "test", say=lambda line: None if line.startswith(" ") else print(f"packages │ {line}", flush=True)
    )
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(VENV_PYTHON, [str(VENV_PYTHON), "-m", "script.testing", *arguments])

    from script.testing.checks import CHECKS
    from script.testing.lanes import LANES
    from script.testing.peers import real_servers

    if arguments:
        with real_servers() as environment:
            return _run([str(VENV_PYTHON), "-m", "pytest", *arguments], environment)

    outcomes, absent = [], []
    for check in CHECKS:
        outcomes.append(_outcome(check.name, check.command, check.environment))
    for lane in LANES:
        if not lane.is_peer_present():
            absent.append(lane)
            continue
        with lane.servers() as environment:
            command = [str(VENV_PYTHON), "-m", "pytest", *lane.options]
            outcomes.append(_outcome(f"lane {lane.name}", command, environment))
    return _close(outcomes, [(lane.name, lane.bring_it_with) for lane in absent])


def _outcome(name: str, command: Sequence[str], environment: Mapping[str, str]) -> Outcome:
    print(f"\n━━ {name} ━━", flush=True)
    began = time.monotonic()
    code = _run(command, environment)
    said = "passed" if code == 0 else "holds no test" if name.startswith("lane") and code == 5 else "failed"
    return Outcome(name, code == 0, said, time.monotonic() - began)


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, check=False
    ).returncode


def _close(outcomes: Sequence[Outcome], absent: Sequence[tuple[str, str]]) -> int:
    print("\n━━ all of it ━━")
    for outcome in outcomes:
        print(f"  {outcome.said:>13}  {outcome.name}  ({outcome.seconds:.0f} s)")
    is_required = os.environ.get("BEATSIGHT_REQUIRE") == "1"
    for name, command in absent:
        print(
            f"  {'MISSING' if is_required else 'not run':>13}  lane {name}: its peer is absent. Bring it: {command}"
        )
    is_passed = all(outcome.is_passed for outcome in outcomes) and not (absent and is_required)
    print("Everything that could run has passed." if is_passed else "Not everything has passed.")
    return 0 if is_passed else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except InstallFailed as failure:
        sys.exit(f"The packages could not be installed. The installer's last words:\n{failure}")
