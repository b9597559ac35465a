"""Demucs itself runs here, on models of random weights small enough to be made in a moment."""

import socket
import time

import numpy as np
import pytest
import torch

from transcription import demucs_weights
from transcription.demucs_drums import demucs_drums
from transcription.demucs_weights import WeightsMissing, find_weights
from transcription.tests.sounds import rock_beat


@pytest.fixture
def stereo() -> np.ndarray:
    samples, _ = rock_beat(120, 2)
    return np.stack([samples, samples], 1)


@pytest.fixture
def hubs(tmp_path, monkeypatch):
    """Empty caches and no network; gives the folder of the Hugging Face cache."""
    monkeypatch.delenv("BEATSIGHT_DEMUCS_REPO")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setattr(demucs_weights, "HUBS", ())
    return tmp_path / "hub"


def test_demucs_separates_with_weights_from_a_folder(tiny_demucs, stereo):
    told: list[float] = []

    drums = demucs_drums(find_weights(), stereo, told.append)

    assert drums.shape == stereo.shape
    assert np.isfinite(drums).all() and np.abs(drums).max() > 0
    assert len(told) >= 2 and told == sorted(told) and told[-1] <= 1


def test_demucs_answers_as_through_its_own_front_door(tiny_demucs, stereo):
    from demucs.api import Separator

    _, stems = Separator("tiny", repo=tiny_demucs, shifts=0, device="cpu").separate_tensor(
        torch.from_numpy(np.ascontiguousarray(stereo.T)), 44_100
    )

    np.testing.assert_allclose(demucs_drums(find_weights(), stereo), stems["drums"].numpy().T, atol=1e-5)


def test_of_a_bag_only_the_models_with_a_say_in_drums_are_loaded(tiny_demucs, stereo, monkeypatch):
    weights = "[[1, 0, 0, 0], [0, 1, 0, 0]]"  # the other model isn't even there
    (tiny_demucs / "pair.yaml").write_text(f"models: ['tiny', 'elsewhere']\nweights: {weights}\n")
    alone = demucs_drums(find_weights(), stereo)

    monkeypatch.setenv("BEATSIGHT_DEMUCS_MODEL", "pair")

    assert find_weights().bag.signatures == ("tiny",)
    np.testing.assert_array_equal(demucs_drums(find_weights(), stereo), alone)


def test_models_that_share_the_drums_are_averaged_by_their_say(tiny_demucs, stereo, monkeypatch):
    (tiny_demucs / "twins.yaml").write_text("models: ['tiny', 'tiny']\n")
    alone = demucs_drums(find_weights(), stereo)

    monkeypatch.setenv("BEATSIGHT_DEMUCS_MODEL", "twins")

    np.testing.assert_allclose(demucs_drums(find_weights(), stereo), alone, atol=1e-6)


def test_one_of_the_four_models_of_the_finer_tuned_bag_is_for_drums(hubs, monkeypatch):
    monkeypatch.setenv("BEATSIGHT_DEMUCS_MODEL", "htdemucs_ft")
    snapshot = hubs / "models--adefossez--HTDemucs-ft" / "snapshots" / "0"
    snapshot.mkdir(parents=True)
    (snapshot / "f7e0c4bc.safetensors").touch()

    found = find_weights()

    assert found.bag.signatures == ("f7e0c4bc",) and found.is_cached


def test_a_folder_needs_only_the_file_of_the_weights(tmp_path, monkeypatch):
    monkeypatch.setenv("BEATSIGHT_DEMUCS_REPO", str(tmp_path))
    (tmp_path / "955717e8-8726e21a.th").touch()

    assert find_weights().repo == tmp_path


def test_a_folder_without_the_model_is_told_with_its_name():
    with pytest.raises(WeightsMissing, match="no model called htdemucs"):
        find_weights()


def test_weights_in_the_hub_cache_need_no_network(hubs):
    snapshot = hubs / "models--adefossez--HTDemucs" / "snapshots" / "0"
    snapshot.mkdir(parents=True)
    (snapshot / "955717e8.safetensors").touch()

    assert find_weights().is_cached


def test_without_weights_and_without_a_network_people_are_told_so(hubs, monkeypatch):
    monkeypatch.setattr(demucs_weights, "HUBS", ("hub.invalid",))

    with pytest.raises(WeightsMissing, match="could not be downloaded"):
        find_weights()


def test_a_hub_that_answers_is_asked_for_the_weights(hubs, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as hub:
        monkeypatch.setattr(demucs_weights, "HUBS", ("127.0.0.1",))
        monkeypatch.setattr(demucs_weights, "HTTPS_PORT", hub.getsockname()[1])

        weights = find_weights()

    assert not weights.is_cached


def test_a_name_server_that_hangs_is_not_waited_for(monkeypatch):
    def hang(*_):
        time.sleep(20)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", hang)

    started = time.monotonic()
    assert not demucs_weights.any_hub_answers(patience_s=0.2)

    assert time.monotonic() - started < 10  # the hanging call itself takes twenty
