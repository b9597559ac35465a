import numpy as np

from transcription.music import Beats, TempoMark


def test_a_bar_of_six_eighths_is_as_long_as_three_quarters():
    assert TempoMark(0, 90.0, 6, 8).bar_ticks == TempoMark(0, 90.0, 3).bar_ticks == 2880
    assert TempoMark(0, 90.0, 6, 8).signature == "6/8"


def test_a_dotted_beat_is_written_as_three_eighths():
    beats = Beats(np.arange(4) * 0.5, np.arange(4) == 0, np.array([True, True, False, False]))

    assert beats.ticks.tolist() == [0, 1440, 2880, 3840]
