import numpy as np
import pytest

from transcription.audio import as_mono, read_song
from transcription.tests.sounds import rock_beat, write_wav
from transcription.units import SAMPLE_RATE_HZ


def test_a_song_that_breaks_off_is_read_as_far_as_it_goes_and_says_so(tmp_path):
    whole = write_wav(tmp_path / "song.wav", rock_beat(120, 4)[0])
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])

    song = read_song(whole)

    assert 3 < song.duration_s < 6
    assert "ends after 0:05" in (song.damage or "")


def test_a_whole_song_has_no_damage(tmp_path):
    assert read_song(write_wav(tmp_path / "song.wav", rock_beat(120, 1)[0])).damage is None


@pytest.mark.parametrize("peak", [0.5, -0.5])
def test_one_sample_is_enough_not_to_be_silent(tmp_path, peak):
    samples = np.zeros(SAMPLE_RATE_HZ, np.float32)
    assert read_song(write_wav(tmp_path / "silence.wav", samples)).is_silent
    samples[100] = peak
    assert not read_song(write_wav(tmp_path / "click.wav", samples)).is_silent


def test_the_middle_of_two_channels_is_heard_unless_they_cancel_each_other():
    left, right = np.random.default_rng(3).standard_normal((2, 1000)).astype(np.float32)

    np.testing.assert_allclose(as_mono(np.stack([left, right], 1)), (left + right) / 2, rtol=1e-6)
    np.testing.assert_array_equal(as_mono(np.stack([left, -left], 1)), left)
