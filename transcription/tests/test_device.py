import pytest
import torch

from transcription.cli import main
from transcription.device import DeviceMissing, chosen_device
from transcription.tests.sounds import rock_beat, write_wav


def test_a_card_is_used_where_there_is_one_and_the_processor_elsewhere(monkeypatch):
    monkeypatch.delenv("BEATSIGHT_EAR_DEVICE", raising=False)

    assert chosen_device().type == ("cuda" if torch.cuda.is_available() else "cpu")


def test_the_processor_can_be_asked_for(monkeypatch):
    monkeypatch.setenv("BEATSIGHT_EAR_DEVICE", "CPU")

    assert chosen_device() == torch.device("cpu")


def test_a_senseless_device_is_named_with_what_it_should_be(monkeypatch):
    monkeypatch.setenv("BEATSIGHT_EAR_DEVICE", "gramophone")

    with pytest.raises(DeviceMissing, match="gramophone.*Set it to cpu or cuda"):
        chosen_device()


def test_a_card_that_is_not_there_is_said_in_words(monkeypatch):
    monkeypatch.setenv("BEATSIGHT_EAR_DEVICE", "cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)

    with pytest.raises(DeviceMissing, match="no NVIDIA card"):
        chosen_device()


def test_the_command_says_it_and_writes_nothing(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("BEATSIGHT_EAR_DEVICE", "gramophone")
    song = write_wav(tmp_path / "song.wav", rock_beat(120, 1)[0])

    assert main([str(song)]) == 1
    assert "Set it to cpu or cuda" in capsys.readouterr().err
    assert not song.with_suffix(".bsm").exists()
