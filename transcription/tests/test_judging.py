import numpy as np
import pytest

from transcription.judging import FEATURES, Judgement, candidates, judge, peaks_of
from transcription.music import Beats, Heard
from transcription.units import DRUMS, GROUPS

QUIET = -8.0
FRAMES = 1_000
BEATS = Beats(np.arange(21) * 0.5, np.arange(21) % 4 == 0)  # 120 bpm in 4/4
SNARE = GROUPS.index("snare")
HIGHEST_OF_OTHER_BARS = FEATURES - 1


def heard_with(group: int, *strokes: tuple[int, float]) -> Heard:
    """Strokes are (frame, logit)."""
    groups = np.full((FRAMES, len(GROUPS)), QUIET)
    for frame, logit in strokes:
        groups[frame - 1 : frame + 2, group] = [logit - 2, logit, logit - 2]
    return Heard(
        np.full((FRAMES, len(DRUMS)), QUIET), groups, np.zeros((FRAMES, 2)), np.zeros((FRAMES, len(GROUPS)))
    )


def judgement(*weights: tuple[int, float]) -> Judgement:
    """Weights are (feature, weight); the group's own logit always counts once."""
    rows = np.zeros((len(GROUPS), FEATURES + 1))
    rows[np.arange(len(GROUPS)), np.arange(len(GROUPS))] = 1
    for feature, weight in weights:
        rows[:, feature] = weight
    return Judgement(rows, np.full(len(GROUPS), 0.5), np.tile([1.0, 0.0], (len(GROUPS), 1)))


def test_a_peak_between_two_frames_is_placed_between_them():
    logits = np.full(50, QUIET)
    logits[19:23] = [-1.0, 2.0, 2.0, -1.0]

    assert peaks_of(logits, 0.5).positions == pytest.approx([20.5])


def test_a_peak_under_the_threshold_is_no_onset():
    logits = np.full(50, QUIET)
    logits[20] = 0.5

    assert len(peaks_of(logits, 0.7).frames) == 0


def test_what_other_bars_have_at_the_same_place_speaks_for_a_doubtful_stroke():
    # One bar is 200 frames: the stroke at 450 has strong ones a bar before and after, the one at 520 has none.
    heard = heard_with(SNARE, (250, 5.0), (450, -0.5), (650, 5.0), (520, -0.5))

    (peaks, _likely) = judge(heard, BEATS, judgement((HIGHEST_OF_OTHER_BARS, 0.3)))[SNARE]

    assert 450 in peaks.frames and 520 not in peaks.frames


def test_a_song_shorter_than_a_bar_is_judged_by_itself():
    heard = heard_with(SNARE, (50, 3.0))
    short = Heard(*(column[:100] for column in (heard.drums, heard.groups, heard.beats, heard.velocities)))

    peaks, likely = judge(short, Beats(np.array([0.0, 0.5]), np.array([True, False])), judgement())[SNARE]

    assert peaks.frames.tolist() == [50] and 0.9 < likely[0] < 1


def test_everything_that_may_be_a_stroke_has_all_its_features():
    heard = heard_with(SNARE, (250, 5.0), (450, -0.5))

    for peaks, features in candidates(heard, BEATS):
        assert features.shape == (len(peaks.frames), FEATURES) and np.isfinite(features).all()


def test_silence_has_no_candidates():
    assert all(len(peaks.frames) == 0 for peaks, _ in candidates(heard_with(SNARE), BEATS))
