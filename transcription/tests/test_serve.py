"""The worker's child as a worker starts it: a real process, lines of JSON, and a parent that may die."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from transcription import separator
from transcription.tests.sounds import rock_beat, write_wav

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "transcription", "--serve"]
PATIENCE_S = 60


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """All lines of one child that was asked four times and then left alone."""
    folder = tmp_path_factory.mktemp("served")
    song = write_wav(folder / "song.wav", rock_beat(120, 3)[0])
    text = folder / "words.mp3"
    text.write_text("words " * 200)
    asked = [
        {
            "song": str(song),
            "map": str(folder / "a.bsm"),
            "peaks": str(folder / "a.json"),
            "title": "A",
            "artist": "B",
        },
        {"song": str(text), "map": str(folder / "b.bsm")},
        {"title": "a request without a song"},
        {"song": str(song), "map": str(folder / "c.bsm"), "stems": str(folder / "stems")},
    ]
    child = subprocess.run(
        COMMAND,
        input="\n".join(map(json.dumps, asked)) + "\n",
        cwd=ROOT,
        env={**os.environ, "BEATSIGHT_DEMUCS_REPO": str(folder)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S * 2,
    )
    answers: list[list[dict]] = [[]]
    lines = [json.loads(line) for line in child.stdout.splitlines()]
    for line in lines[1:]:
        answers[-1].append(line)
        if "result" in line or "error" in line:
            answers.append([])
    return {"child": child, "folder": folder, "first": lines[0], "answers": answers[:-1]}


def test_the_child_is_ready_before_it_is_asked_and_ends_when_nobody_asks(served):
    assert served["first"] == {"ready": True}
    assert served["child"].returncode == 0


def test_a_song_is_answered_with_its_stages_and_a_result(served):
    *stages, last = served["answers"][0]

    names = list(dict.fromkeys(line["stage"] for line in stages))
    assert names == ["decode", "separate", "transcribe", "beats", "quantise", "store"]
    assert all(0 <= line["progress"] <= 1 for line in stages)
    assert last["result"]["separation"] == separator.SHIPPED and last["result"]["notes"] > 10
    written = json.loads((served["folder"] / "a.bsm").read_text())
    assert (written["metadata"]["title"], written["metadata"]["artist"]) == ("A", "B")
    assert json.loads((served["folder"] / "a.json").read_text())["version"] == 1


def test_what_is_no_song_is_an_error_that_says_so_and_the_child_goes_on(served):
    error = served["answers"][1][-1]["error"]

    assert error["code"] == "not_audio" and "WAV, MP3" in error["detail"]
    assert "result" in served["answers"][3][-1]


def test_a_request_without_a_song_is_an_internal_error(served):
    (only,) = served["answers"][2]

    assert only["error"]["code"] == "internal" and only["error"]["detail"].endswith("which song.")


PARENT = """
import subprocess, sys, time
child = subprocess.Popen({command!r}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd={root!r})
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(600)
"""


def test_the_child_dies_with_its_parent():
    program = PARENT.format(command=COMMAND, root=str(ROOT))
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.kill()

    for _ in range(100):
        if not _is_running(child):
            break
        time.sleep(0.1)
    assert not _is_running(child)


def _is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rsplit(")", 1)[1].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False
