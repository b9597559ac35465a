from types import SimpleNamespace

import numpy as np
import pytest

from transcription.drums import find_hits, peaks_of
from transcription.hearing import Heard
from transcription.units import DRUMS, GROUP_OF_DRUM, GROUPS

QUIET = -8.0
EAR = SimpleNamespace(thresholds=np.full(len(GROUPS), 0.5), calibration=np.tile([1.0, 0.0], (len(GROUPS), 1)))


def heard_with(*strokes: tuple[int, str, float], frames: int = 200) -> Heard:
    """Strokes are (frame, drum, logit)."""
    drums, groups = np.full((frames, len(DRUMS)), QUIET), np.full((frames, len(GROUPS)), QUIET)
    for frame, drum, logit in strokes:
        group = GROUP_OF_DRUM[DRUMS.index(drum)]
        for offset, below in ((-1, 2.0), (0, 0.0), (1, 2.0)):
            drums[frame + offset, DRUMS.index(drum)] = logit - below
            groups[frame + offset, group] = max(groups[frame + offset, group], logit - below)
    return Heard(drums, groups, np.zeros((frames, 2)), np.full((frames, len(GROUPS)), 0.7))


def test_a_peak_between_two_frames_is_placed_between_them():
    logits = np.full(50, QUIET)
    logits[19:23] = [-1.0, 2.0, 2.0, -1.0]

    assert peaks_of(logits, 0.5).positions == pytest.approx([20.5])


def test_a_peak_under_the_threshold_is_no_onset():
    logits = np.full(50, QUIET)
    logits[20] = 0.5

    assert len(peaks_of(logits, 0.7).frames) == 0


def test_a_group_takes_the_name_of_its_likeliest_drum():
    hits = find_hits(heard_with((50, "tom_low", 3.0)), EAR)

    assert [(hit.drum, hit.time_s) for hit in hits] == [("tom_low", pytest.approx(0.5, abs=0.003))]
    assert hits[0].velocity == pytest.approx(0.7)
    assert 0.8 < hits[0].confidence < 1


def test_one_hand_does_not_play_hat_and_ride_at_once():
    rides = [(frame, "ride", 3.0) for frame in (20, 60, 100, 140)]

    hits = find_hits(heard_with(*rides, (60, "hihat_closed", 1.0)), EAR)

    assert {hit.drum for hit in hits} == {"ride"}


def test_the_foot_may_play_the_hat_under_a_ride():
    rides = [(frame, "ride", 4.0) for frame in (20, 60, 100, 140)]

    hits = find_hits(heard_with(*rides, (60, "hihat_pedal", 1.0)), EAR)

    assert [hit.drum for hit in hits].count("hihat_pedal") == 1
    assert [hit.drum for hit in hits].count("ride") == 4


def test_a_tambourine_is_heard_but_not_written():
    heard = heard_with()
    heard.groups[50, GROUPS.index("percussion")] = 4.0

    assert find_hits(heard, EAR) == []
