import numpy as np
import pytest

from transcription.drums import find_hits
from transcription.judging import FEATURES, Judgement
from transcription.music import Beats, Heard
from transcription.units import DRUMS, GROUP_OF_DRUM, GROUPS

QUIET = -8.0
BEATS = Beats(np.arange(5) * 0.5, np.arange(5) % 4 == 0)


def judgement(habit: float = 0.0) -> Judgement:
    """The network's own opinion from a half on; `habit` is how much a song's own drums count."""
    weights = np.zeros((len(GROUPS), FEATURES + 1))
    weights[np.arange(len(GROUPS)), np.arange(len(GROUPS))] = 1
    return Judgement(weights, np.full(len(GROUPS), 0.5), np.tile([1.0, habit], (len(GROUPS), 1)))


def heard_with(*strokes: tuple[int, str, float], frames: int = 200) -> Heard:
    """Strokes are (frame, drum, logit)."""
    drums, groups = np.full((frames, len(DRUMS)), QUIET), np.full((frames, len(GROUPS)), QUIET)
    for frame, drum, logit in strokes:
        group = GROUP_OF_DRUM[DRUMS.index(drum)]
        for offset, below in ((-1, 2.0), (0, 0.0), (1, 2.0)):
            drums[frame + offset, DRUMS.index(drum)] = logit - below
            groups[frame + offset, group] = max(groups[frame + offset, group], logit - below)
    return Heard(drums, groups, np.zeros((frames, 2)), np.full((frames, len(GROUPS)), 0.7))


def test_a_group_takes_the_name_of_its_likeliest_drum():
    hits = find_hits(heard_with((50, "tom_low", 3.0)), BEATS, judgement())

    assert [(hit.drum, hit.time_s) for hit in hits] == [("tom_low", pytest.approx(0.5, abs=0.003))]
    assert hits[0].velocity == pytest.approx(0.7)
    assert 0.8 < hits[0].confidence < 1


def test_a_rim_stroke_is_a_snare_with_a_flag():
    (hit,) = find_hits(heard_with((50, "snare_rim", 3.0)), BEATS, judgement())

    assert (hit.drum, hit.flags) == ("snare", ("rim",))


@pytest.mark.parametrize("drum", ["ride_bell", "china", "splash", "hihat_pedal"])
def test_rarer_drums_have_names_of_their_own(drum):
    (hit,) = find_hits(heard_with((50, drum, 3.0)), BEATS, judgement())

    assert hit.drum == drum


def test_who_is_unsure_between_two_toms_takes_the_one_that_the_song_uses():
    clear = [(frame, "tom_high", 4.0) for frame in (20, 60, 100)]
    heard = heard_with(*clear, (140, "tom_high", 1.0), (140, "tom_mid", 1.2))

    names = [hit.drum for hit in find_hits(heard, BEATS, judgement(habit=1.0))]

    assert names == ["tom_high"] * 4


def test_confidence_is_shared_by_the_drums_that_it_may_be():
    sure, unsure = (
        find_hits(heard_with((50, "crash", 3.0), (50, "ride", other)), BEATS, judgement())[0].confidence
        for other in (QUIET, 2.9)
    )

    assert unsure < 0.6 * sure


def test_a_tambourine_is_heard_but_not_written():
    heard = heard_with()
    heard.groups[50, GROUPS.index("percussion")] = 4.0

    assert find_hits(heard, BEATS, judgement()) == []


def test_silence_has_no_strokes():
    assert find_hits(heard_with(), BEATS, judgement()) == []
