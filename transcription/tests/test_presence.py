from transcription.music import Hit
from transcription.presence import only_of_drums


def hits(*confidences: float) -> list[Hit]:
    return [Hit(float(second), "kick", 0.8, confidence) for second, confidence in enumerate(confidences)]


def test_drums_of_which_a_few_strokes_stand_clear_are_kept_whole():
    soft = hits(*[0.4] * 19, 0.9)

    assert only_of_drums(soft) == soft


def test_drums_that_are_fairly_sure_throughout_are_kept():
    assert len(only_of_drums(hits(*[0.7] * 20))) == 20


def test_what_is_doubtful_throughout_is_no_drum_part():
    assert only_of_drums(hits(*[0.5] * 40, 0.85)) == []


def test_nothing_stays_nothing():
    assert only_of_drums([]) == []
