import json

import pytest

from transcription.cli import main
from transcription.tests.sounds import rock_beat, write_wav


def test_a_song_becomes_a_map_with_a_report(tmp_path, capsys):
    song = write_wav(tmp_path / "my song.wav", rock_beat(120, 3)[0])

    code = main([str(song), "-o", str(tmp_path / "map.bsm"), "--report", str(tmp_path / "report.json")])

    assert code == 0
    assert json.loads((tmp_path / "map.bsm").read_text())["metadata"]["title"] == "my song"
    assert json.loads((tmp_path / "report.json").read_text())["notes"] > 10
    assert "notes in" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_said_in_words(tmp_path, capsys):
    assert main([str(tmp_path / "nothing.mp3")]) == 1
    assert "There is no file" in capsys.readouterr().err


def test_a_text_file_is_said_in_words(tmp_path, capsys):
    song = tmp_path / "song.mp3"
    song.write_text("words " * 100)

    assert main([str(song)]) == 1
    assert "not a sound file" in capsys.readouterr().err


def test_no_song_at_all_is_a_question(capsys):
    with pytest.raises(SystemExit):
        main([])

    assert "which song?" in capsys.readouterr().err
