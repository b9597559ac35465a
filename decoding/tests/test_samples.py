from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from decoding.failures import DecodingFailed
from decoding.samples import decode_pcm
from decoding.tests.conftest import SONG_S
from decoding.tests.sounds import RATE_HZ


def test_a_lossless_song_comes_back_sample_by_sample(
    song: np.ndarray, song_file: Callable[[str], Path]
) -> None:
    samples = decode_pcm(song_file(".flac"), RATE_HZ, 2).samples

    assert samples.dtype == np.float32
    np.testing.assert_allclose(samples, song, atol=1e-4)


@pytest.mark.parametrize("suffix", [".wav", ".mp3", ".ogg", ".opus", ".m4a"])
def test_a_song_is_resampled_and_mixed_as_asked(song_file: Callable[[str], Path], suffix: str) -> None:
    samples = decode_pcm(song_file(suffix), 22_050, 1).samples

    assert samples.shape[1] == 1
    assert len(samples) == pytest.approx(SONG_S * 22_050, abs=1500)


def test_only_as_much_is_decoded_as_is_allowed(song_file: Callable[[str], Path]) -> None:
    samples = decode_pcm(song_file(".wav"), RATE_HZ, 2, max_duration_s=5).samples

    assert len(samples) == 5 * RATE_HZ


def test_a_text_has_no_samples(tmp_path: Path) -> None:
    path = tmp_path / "song.wav"
    path.write_text("la la la")

    with pytest.raises(DecodingFailed, match="not a sound file"):
        decode_pcm(path, RATE_HZ, 2)


def test_a_song_that_breaks_off_says_how_much_of_it_is_there(
    song_file: Callable[[str], Path], tmp_path: Path
) -> None:
    whole = song_file(".flac").read_bytes()
    path = tmp_path / "song.flac"
    path.write_bytes(whole[: len(whole) // 2])

    sound = decode_pcm(path, RATE_HZ, 2)

    assert "only 0:10 of 0:20" in (sound.damage or "")
    assert 5 * RATE_HZ < len(sound.samples) < 15 * RATE_HZ


@pytest.mark.parametrize("suffix", [".wav", ".mp3", ".flac", ".ogg", ".opus", ".m4a"])
def test_a_whole_song_and_one_cut_by_us_are_not_called_damaged(
    song_file: Callable[[str], Path], suffix: str
) -> None:
    assert decode_pcm(song_file(suffix), RATE_HZ, 2).damage is None
    assert decode_pcm(song_file(suffix), RATE_HZ, 2, max_duration_s=5).damage is None
