import pytest
import torch

from transcription import weights
from transcription.weights import Ear


@pytest.fixture(scope="session")
def ear() -> Ear:
    torch.set_num_threads(2)
    return weights.load()


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    """The file of a very small HTDemucs with random weights, as Demucs reads it."""
    from demucs.htdemucs import HTDemucs

    torch.manual_seed(0)
    settings = {
        "sources": ["drums", "bass", "other", "vocals"], "channels": 8, "growth": 2, "depth": 4, "t_layers": 1,
        "t_heads": 2, "t_hidden_scale": 1.0, "bottom_channels": 16, "samplerate": 44100, "segment": 2,
    }  # fmt: skip
    package = {"klass": HTDemucs, "args": (), "kwargs": settings, "state": HTDemucs(**settings).state_dict()}
    path = tmp_path_factory.mktemp("demucs") / "tiny.th"
    torch.save(package, path)
    return path


@pytest.fixture
def tiny_demucs(no_demucs, tiny_model, tmp_path, monkeypatch):
    """A folder of weights in which Demucs finds the small model."""
    folder = tmp_path / "demucs"
    folder.mkdir()
    (folder / tiny_model.name).symlink_to(tiny_model)
    monkeypatch.setenv("BEATSIGHT_DEMUCS_REPO", str(folder))
    monkeypatch.setenv("BEATSIGHT_DEMUCS_MODEL", "tiny")
    return folder


@pytest.fixture(autouse=True)
def no_demucs(monkeypatch, tmp_path):
    """An empty folder of weights: no test downloads Demucs or hears through what a machine happens to have."""
    folder = tmp_path / "no-weights"
    folder.mkdir()
    monkeypatch.setenv("BEATSIGHT_DEMUCS_REPO", str(folder))
