import pytest
import torch

from transcription import weights
from transcription.weights import Ear


@pytest.fixture(scope="session")
def ear() -> Ear:
    torch.set_num_threads(2)
    return weights.load()


@pytest.fixture(autouse=True)
def no_demucs(monkeypatch, tmp_path):
    """An empty folder of weights: no test downloads Demucs or hears through what a machine happens to have."""
    folder = tmp_path / "no-weights"
    folder.mkdir()
    monkeypatch.setenv("BEATSIGHT_DEMUCS_REPO", str(folder))
