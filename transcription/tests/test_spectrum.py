import numpy as np
import torch

from transcription.spectrum import BANDS, FLOOR, HOP_SAMPLES, log_mel, loudness_gain
from transcription.tests.sounds import rock_beat
from transcription.units import SAMPLE_RATE_HZ


def test_a_frame_is_centred_on_its_time():
    samples = torch.zeros(SAMPLE_RATE_HZ)
    samples[50 * HOP_SAMPLES] = 1.0

    loudest = int(log_mel(samples, 1.0).sum(1).argmax())

    assert loudest == 50


def test_silence_lies_on_the_floor_in_every_band():
    spectrum = log_mel(torch.zeros(SAMPLE_RATE_HZ), 1.0)

    assert spectrum.shape == (101, BANDS)
    assert torch.allclose(spectrum, torch.full_like(spectrum, FLOOR), atol=1e-3)


def test_a_song_mastered_quieter_has_the_same_spectrum():
    loud = torch.from_numpy(rock_beat(120, 2)[0])
    quiet = loud * 0.2

    difference = log_mel(loud, loudness_gain(loud)) - log_mel(quiet, loudness_gain(quiet))

    assert difference.abs().max() < 0.01


def test_a_low_and_a_high_tone_light_different_bands():
    seconds = np.arange(SAMPLE_RATE_HZ, dtype=np.float32) / SAMPLE_RATE_HZ
    bands = [
        int(log_mel(torch.from_numpy(np.sin(2 * np.pi * hz * seconds)), 1.0)[50].argmax())
        for hz in (60.0, 1_000.0, 10_000.0)
    ]

    assert bands == sorted(bands) and len(set(bands)) == 3
