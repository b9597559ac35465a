"""Installs a set of packages into .venv: makes the environment, fetches uv, installs, leaves a stamp."""

import fcntl
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from script.installing import sources, stamps
from script.places import ROOT, VENV, VENV_PYTHON

Say = Callable[[str], None]
UV = VENV / "bin" / "uv"
INSTALLER = ROOT / "requirements" / "installer.txt"
LINES_OF_A_FAILURE = 25


class InstallFailed(Exception):
    """Neither uv nor pip could install a set; the message is the end of what pip said."""


def install(set_name: str, say: Say) -> None:
    """Brings .venv to hold the set and says each line of the installer; does nothing if it is there."""
    if VENV_PYTHON.exists() and stamps.is_installed(set_name):
        return
    with _one_installer_at_a_time():
        if VENV_PYTHON.exists() and stamps.is_installed(set_name):
            return
        _make_environment(say)
        _install_files(stamps.SETS[set_name], say)
        stamps.mark_installed(set_name)


@contextmanager
def _one_installer_at_a_time() -> Iterator[None]:
    VENV.mkdir(exist_ok=True)
    with open(VENV / "install.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_environment(say: Say) -> None:
    if not _runs(VENV_PYTHON, "-m", "pip", "--version"):
        say(f"making .venv with Python {sys.version.split()[0]}")
        base_python = getattr(sys, "_base_executable", sys.executable)
        made = subprocess.run([base_python, "-m", "venv", VENV], capture_output=True, text=True, check=False)
        if made.returncode:
            raise InstallFailed(f"The virtual environment {VENV} could not be made:\n{made.stderr[-2000:]}")
    if not _runs(UV, "--version"):
        say("fetching the installer")
        _said([VENV_PYTHON, "-m", "pip", "install", "--quiet", "-r", INSTALLER], lambda line: None)


def _install_files(files: list[Path], say: Say) -> None:
    settings = sources.pip_settings()
    wanted: list[str | Path] = [
        f"--constraint={stamps.CONSTRAINTS}",
        *(f"--requirement={path}" for path in files),
    ]
    needs_torch = any(path.name == "worker.txt" for path in files)
    if _runs(UV, "--version"):
        torch = sources.torch_source(settings, is_uv=True) if needs_torch else []
        uv: list[str | Path] = [
            UV,
            "pip",
            "install",
            f"--python={VENV_PYTHON}",
            *sources.uv_sources(settings),
            *torch,
            *wanted,
        ]
        code, _ = _said(uv, say)
        if code == 0:
            return
        say("uv could not install these packages; trying again with pip")
    torch = sources.torch_source(settings, is_uv=False) if needs_torch else []
    code, lines = _said(
        [VENV_PYTHON, "-m", "pip", "install", "--disable-pip-version-check", *torch, *wanted], say
    )
    if code != 0:
        raise InstallFailed("\n".join(lines[-LINES_OF_A_FAILURE:]))


def _said(command: Sequence[str | Path], say: Say) -> tuple[int, list[str]]:
    """Runs a command, says its lines as they come; its exit code and all the lines."""
    lines = []
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True
    )
    assert running.stdout
    for line in running.stdout:
        lines.append(line.rstrip())
        say(line.rstrip())
    return running.wait(), lines


def _runs(*command: str | Path) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
