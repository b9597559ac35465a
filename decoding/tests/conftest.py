from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from decoding.tests.sounds import make_song, write_audio

SONG_S = 20.0


@pytest.fixture(scope="session")
def song() -> np.ndarray:
    return make_song(1, SONG_S)


@pytest.fixture(scope="session")
def song_file(song: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The song as a whole file of the container that the suffix names."""
    folder = tmp_path_factory.mktemp("songs")

    def write(suffix: str) -> Path:
        path = folder / f"song{suffix}"
        options = {".ogg": ("-c:a", "libvorbis"), ".oga": ("-c:a", "flac"), ".mp3": ("-b:a", "96k")}
        return path if path.exists() else write_audio(path, song, *options.get(suffix, ()))

    return write
