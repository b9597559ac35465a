import numpy as np

from transcription.music import Hit, TempoMap, TempoMark
from transcription.quantise import quantise

RNG = np.random.default_rng(3)
AT_120 = TempoMap(0.5, (TempoMark(0, 120.0, 4),))


def hits_at(*quarters: float, drum: str = "snare", tempo: TempoMap = AT_120) -> list[Hit]:
    times_s = tempo.seconds_at(np.array(quarters) * 960)
    return [Hit(float(time_s), drum, 0.7, 0.9) for time_s in times_s]


def test_loosely_played_sixteenths_land_on_sixteenths():
    quarters = np.arange(0, 8, 0.25)
    hits = [Hit(hit.time_s + RNG.normal(0, 0.006), "hihat_closed", 0.7, 0.9) for hit in hits_at(*quarters)]

    notes = quantise(hits, AT_120)

    assert [note.tick for note in notes] == [round(quarter * 960) for quarter in quarters]


def test_triplets_stay_triplets():
    notes = quantise(hits_at(*np.arange(0, 4, 1 / 3)), AT_120)

    assert [note.tick for note in notes] == [320 * n for n in range(12)]


def test_where_a_stroke_was_played_is_kept():
    hit = Hit(1.012, "kick", 0.8, 0.9)

    (note,) = quantise([hit], AT_120)

    assert (note.tick, note.performed_s) == (960, 1.012)


def test_two_strokes_of_one_drum_never_share_a_tick():
    hits = [Hit(1.0, "snare", 0.5, 0.4), Hit(1.004, "snare", 0.9, 0.8)]

    notes = quantise(hits, AT_120)

    assert [note.confidence for note in notes] == [0.8]


def test_a_pick_up_lies_before_tick_zero():
    notes = quantise(hits_at(-0.5, 0), AT_120)

    assert [note.tick for note in notes] == [-480, 0]


def test_no_hits_are_no_notes():
    assert quantise([], AT_120) == []
