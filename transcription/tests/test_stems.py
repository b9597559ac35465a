import numpy as np
import pytest

from transcription import stems
from transcription.audio import read_song
from transcription.tests.sounds import rock_beat
from transcription.units import SAMPLE_RATE_HZ


def test_stems_lie_under_the_song_to_the_sample(tmp_path):
    samples, _ = rock_beat(120, 2)
    stereo = np.stack([samples, samples], 1)

    files = stems.write_stems(tmp_path / "stems", stereo, stereo * np.float32(0.25))

    read = {name: read_song(tmp_path / "stems" / file).stereo for name, file in files.items()}
    assert set(read) == {"drums", "rest"}
    for stem in read.values():
        assert abs(len(stem) - len(stereo)) < 0.03 * SAMPLE_RATE_HZ
        assert _lag_samples(stem[:, 0], stereo[:, 0]) == 0
    level = read["rest"].std() / read["drums"].std()
    assert level == pytest.approx(3, rel=0.1)


def test_a_folder_that_cannot_be_written_to_is_an_error_and_no_half_file(tmp_path):
    blocked = tmp_path / "drums.ogg"
    blocked.with_name("drums.ogg.part").mkdir()

    with pytest.raises(OSError), stems.opus_file(blocked) as file:
        file.write(bytes(800))

    assert not blocked.exists()


def _lag_samples(found: np.ndarray, wanted: np.ndarray) -> int:
    length = 2 * max(len(found), len(wanted))
    product = np.fft.rfft(found, length) * np.conj(np.fft.rfft(wanted, length))
    lag = int(np.fft.irfft(product, length).argmax())
    return lag if lag < length // 2 else lag - length
