"""The child process behind the door: kept warm, ended when not wanted, replaced when dead; and the real one."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from aijobs.ear import Ear, EarDied, EarRefused, NoLongerWanted
from aijobs.tests.waiting import until
from decoding.tests.sounds import make_song, write_audio
from maps.chart.document import read_bsm


@pytest.fixture
def ear():
    ear = Ear()
    yield ear
    ear.kill()


def request_for(folder: Path, script: dict | None = None, song: Path | None = None) -> dict[str, str]:
    if song is None:
        song = folder / "song.wav"
        song.write_text(json.dumps(script or {}))
    (folder / "stems").mkdir(exist_ok=True)
    return {
        **{"song": str(song), "map": str(folder / "map.bsm"), "title": "Low Tide", "artist": "Night Bus"},
        **{"stems": str(folder / "stems"), "peaks": str(folder / "peaks.json")},
    }


def listen(ear: Ear, request: dict[str, str], is_wanted=lambda: True) -> tuple[dict, list[str]]:
    stages: list[str] = []
    result = ear.listen(request, lambda stage, progress: stages.append(stage), is_wanted)
    return result, list(dict.fromkeys(stages))


def test_one_child_listens_to_song_after_song(ear, tmp_path):
    listen(ear, request_for(tmp_path))
    child = ear.pid
    result, stages = listen(ear, request_for(tmp_path))
    assert ear.pid == child
    assert stages == ["decode", "separate", "transcribe", "beats", "quantise", "store"]
    assert result["model_version"] == "scripted-1"


def test_a_refused_song_leaves_the_child_warm(ear, tmp_path):
    with pytest.raises(EarRefused):
        listen(ear, request_for(tmp_path, {"refuse": "not_audio"}))
    child = ear.pid
    listen(ear, request_for(tmp_path))
    assert ear.pid == child


def test_a_child_that_dies_is_replaced(ear, tmp_path):
    with pytest.raises(EarDied, match="memory"):
        listen(ear, request_for(tmp_path, {"die_at": "separate"}))
    assert ear.pid is None
    listen(ear, request_for(tmp_path))


def test_a_child_that_died_while_nobody_asked_is_replaced(ear, tmp_path):
    listen(ear, request_for(tmp_path))
    dead = ear.pid
    os.kill(dead, signal.SIGKILL)
    until(lambda: psutil.Process(dead).status() == psutil.STATUS_ZOMBIE, "the child dies")
    listen(ear, request_for(tmp_path))
    assert ear.pid != dead


def test_work_that_is_no_longer_wanted_ends_the_child(ear, tmp_path):
    ear.warm_up()
    child = psutil.Process(ear.pid)
    with pytest.raises(NoLongerWanted):
        listen(ear, request_for(tmp_path, {"silent_s": 60}), is_wanted=lambda: False)
    assert not child.is_running()


def test_a_program_that_can_not_start_says_so(ear, tmp_path, settings):
    settings.EAR_COMMAND = [sys.executable, "-c", "import nothing_of_this_name"]
    with pytest.raises(EarDied, match="exit code 1"):
        listen(ear, request_for(tmp_path))


def test_a_program_that_never_gets_ready_is_given_up(ear, tmp_path, settings):
    settings.EAR_COMMAND, settings.EAR_START_MAX_S = [sys.executable, "-c", "input()"], 0.5
    with pytest.raises(EarDied, match="did not start"):
        listen(ear, request_for(tmp_path))


def test_chatter_between_the_messages_is_passed_over(ear, tmp_path, settings):
    chatty = (
        "import json; print('loading'); print('[1, 2]'); from aijobs.tests import fake_ear; fake_ear.main()"
    )
    settings.EAR_COMMAND = [sys.executable, "-c", chatty]
    assert listen(ear, request_for(tmp_path))[0]["notes"] == 2


@pytest.mark.ear
def test_the_real_ear_writes_a_map_that_can_be_read(ear, tmp_path, settings):
    settings.EAR_COMMAND = [sys.executable, "-m", "transcription", "--serve"]
    song = write_audio(tmp_path / "song.mp3", make_song(3, 12), "-b:a", "128k")
    result, stages = listen(ear, request_for(tmp_path, song=song))
    assert stages == ["decode", "separate", "transcribe", "beats", "quantise", "store"]
    chart = read_bsm((tmp_path / "map.bsm").read_bytes())
    assert len(chart.notes) == result["notes"] > 0
    assert chart.metadata["title"] == "Low Tide"
    assert json.loads((tmp_path / "peaks.json").read_text())["version"] == 1
    assert set(result["stage_seconds"]) == set(stages)


@pytest.mark.ear
def test_a_worker_writes_the_same_notes_as_a_person_at_the_command_line(ear, tmp_path, settings):
    settings.EAR_COMMAND = [sys.executable, "-m", "transcription", "--serve"]
    song = write_audio(tmp_path / "song.mp3", make_song(3, 12), "-b:a", "128k")
    listen(ear, request_for(tmp_path, song=song))
    by_hand = tmp_path / "by-hand.bsm"
    subprocess.run(
        [sys.executable, "-m", "transcription", song, "-o", by_hand], check=True, capture_output=True
    )

    of_worker, of_person = (json.loads(path.read_text()) for path in (tmp_path / "map.bsm", by_hand))

    for part in ("timing", "hitObjects", "drumKit"):
        assert of_worker[part] == of_person[part] and of_worker[part]


@pytest.mark.ear
def test_the_real_ear_refuses_what_is_no_sound(ear, tmp_path, settings):
    settings.EAR_COMMAND = [sys.executable, "-m", "transcription", "--serve"]
    with pytest.raises(EarRefused) as refused:
        listen(ear, request_for(tmp_path, {"this is": "no song"}))
    assert refused.value.code == "not_audio"
