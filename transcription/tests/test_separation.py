"""Demucs itself runs here, on a model of random weights small enough to be made in a moment."""

import socket
import time

import numpy as np
import pytest
import torch

from transcription import separation, stems
from transcription.audio import read_song
from transcription.separation import WeightsMissing, find_weights, separate
from transcription.tests.sounds import rock_beat
from transcription.units import SAMPLE_RATE_HZ


@pytest.fixture(scope="module")
def tiny_repo(tmp_path_factory):
    """A folder of weights as Demucs reads it, with one very small HTDemucs in it."""
    from demucs.htdemucs import HTDemucs

    torch.manual_seed(0)
    settings = {
        "sources": ["drums", "bass", "other", "vocals"], "channels": 8, "growth": 2, "depth": 4, "t_layers": 1,
        "t_heads": 2, "t_hidden_scale": 1.0, "bottom_channels": 16, "samplerate": 44100, "segment": 2,
    }  # fmt: skip
    model = HTDemucs(**settings)
    folder = tmp_path_factory.mktemp("demucs")
    package = {"klass": HTDemucs, "args": (), "kwargs": settings, "state": model.state_dict()}
    torch.save(package, folder / "tiny.th")
    return folder


@pytest.fixture
def stereo() -> np.ndarray:
    samples, _ = rock_beat(120, 2)
    return np.stack([samples, samples], 1)


def test_demucs_separates_with_weights_from_a_folder(tiny_repo, stereo, monkeypatch):
    monkeypatch.setenv("BEATSIGHT_DEMUCS_REPO", str(tiny_repo))
    monkeypatch.setenv("BEATSIGHT_DEMUCS_MODEL", "tiny")
    told: list[float] = []

    separated = separate(stereo, told.append)

    assert (separated.model, separated.note) == ("tiny", None)
    assert separated.drums is not None and separated.drums.shape == stereo.shape
    assert np.isfinite(separated.drums).all() and np.abs(separated.drums).max() > 0
    assert len(told) >= 2 and told == sorted(told) and told[-1] <= 1


def test_a_model_that_does_not_load_becomes_a_note(tmp_path, stereo, monkeypatch):
    (tmp_path / "broken.th").write_bytes(b"no weights")
    monkeypatch.setenv("BEATSIGHT_DEMUCS_REPO", str(tmp_path))
    monkeypatch.setenv("BEATSIGHT_DEMUCS_MODEL", "broken")

    separated = separate(stereo)

    assert separated.model == "none" and separated.drums is None
    assert "failed" in (separated.note or "")


def test_a_folder_without_the_model_becomes_a_note_that_names_it(stereo):
    separated = separate(stereo)

    assert separated.model == "none"
    assert "no model called htdemucs" in (separated.note or "")


def test_weights_in_the_hub_cache_need_no_network(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(separation, "HUBS", ())
    snapshot = tmp_path / "models--adefossez--HTDemucs" / "snapshots" / "0"
    snapshot.mkdir(parents=True)
    (snapshot / "955717e8.safetensors").touch()

    assert find_weights("htdemucs", None).is_cached


def test_without_weights_and_without_a_network_people_are_told_so(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(separation, "HUBS", ("hub.invalid",))

    with pytest.raises(WeightsMissing, match="could not be downloaded"):
        find_weights("htdemucs", None)


def test_a_hub_that_answers_is_asked_for_the_weights(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as hub:
        monkeypatch.setattr(separation, "HUBS", ("127.0.0.1",))
        monkeypatch.setattr(separation, "HTTPS_PORT", hub.getsockname()[1])

        weights = find_weights("htdemucs", None)

    assert not weights.is_cached


def test_a_name_server_that_hangs_is_not_waited_for(monkeypatch):
    def hang(*_):
        time.sleep(20)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", hang)

    started = time.monotonic()
    assert not separation.any_hub_answers(patience_s=0.2)

    assert time.monotonic() - started < 10  # the hanging call itself takes twenty


def test_stems_lie_under_the_song_to_the_sample(tmp_path, stereo):
    drums = stereo * np.float32(0.25)

    files = stems.write_stems(tmp_path / "stems", stereo, drums)

    read = {name: read_song(tmp_path / "stems" / file).stereo for name, file in files.items()}
    assert set(read) == {"drums", "rest"}
    for stem in read.values():
        assert abs(len(stem) - len(stereo)) < 0.03 * SAMPLE_RATE_HZ
        assert _lag_samples(stem[:, 0], stereo[:, 0]) == 0
    level = read["rest"].std() / read["drums"].std()
    assert level == pytest.approx(3, rel=0.1)


def _lag_samples(found: np.ndarray, wanted: np.ndarray) -> int:
    length = 2 * max(len(found), len(wanted))
    product = np.fft.rfft(found, length) * np.conj(np.fft.rfft(wanted, length))
    lag = int(np.fft.irfft(product, length).argmax())
    return lag if lag < length // 2 else lag - length
