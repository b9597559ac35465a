"""Folders of runs: gone with their run, however it ended."""

import subprocess
import sys

import pytest

from aijobs.workplace import clear_workplaces, workplace

DIE_IN_A_WORKPLACE = """
import os, signal, sys
from pathlib import Path
from django.conf import settings
settings.configure(RUNS_DIR=Path(sys.argv[1]))
from aijobs.workplace import workplace
with workplace() as folder:
    (folder / "song.wav").write_bytes(b"sound")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def runs(settings, tmp_path):
    settings.RUNS_DIR = tmp_path / "runs"
    return settings.RUNS_DIR


def test_a_run_that_breaks_off_leaves_no_folder(runs):
    with pytest.raises(RuntimeError), workplace() as folder:
        (folder / "song.wav").write_bytes(b"sound")
        raise RuntimeError
    assert not list(runs.iterdir())


def test_a_killed_runs_folder_is_cleared(runs, settings):
    subprocess.run([sys.executable, "-c", DIE_IN_A_WORKPLACE, str(runs)], cwd=settings.BASE_DIR, check=False)
    assert len(list(runs.glob("*/song.wav"))) == 1
    assert clear_workplaces() == 1
    assert not list(runs.iterdir())


def test_a_living_runs_folder_is_left_alone():
    with workplace() as folder:
        assert clear_workplaces() == 0
        assert folder.is_dir()


def test_nothing_to_clear_is_fine():
    assert clear_workplaces() == 0
