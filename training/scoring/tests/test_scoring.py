"""The measures themselves, on songs whose figures can be counted by hand."""

import json

import numpy as np
import pytest

from training.scoring import annotation, rhythm, strokes
from training.scoring.annotation import Annotation, Stroke
from training.scoring.classes import FIVE, GROUPINGS, TEN, lane_of, one_of_five, one_of_ten
from training.scoring.edits import edits
from training.scoring.matching import Score, merged, pairs
from transcription.tests.sounds import DEMO


def song(*played: tuple[float, str], beats_s=(), bar_lines_s=()) -> Annotation:
    return Annotation([Stroke(*each) for each in played], np.array(beats_s), np.array(bar_lines_s))


def most_pairs(true_s: np.ndarray, found_s: np.ndarray, window_s: float) -> int:
    """Augmenting paths (Kuhn 1955): slow, and surely the most."""
    owner: dict[int, int] = {}

    def find_room(truth: int, seen: set[int]) -> bool:
        for found in np.flatnonzero(np.abs(found_s - true_s[truth]) <= window_s).tolist():
            if found not in seen:
                seen.add(found)
                if found not in owner or find_room(owner[found], seen):
                    owner[found] = truth
                    return True
        return False

    return sum(find_room(truth, set()) for truth in range(len(true_s)))


@pytest.mark.parametrize("seed", range(25))
def test_one_walk_finds_as_many_pairs_as_any_pairing_could(seed):
    rng = np.random.default_rng(seed)
    true_s, found_s = (np.sort(rng.uniform(0, 1, rng.integers(0, 40))) for _ in range(2))

    of_truth, of_found = pairs(true_s, found_s)

    assert len(of_truth) == len(set(of_truth)) == len(set(of_found)) == most_pairs(true_s, found_s, 0.05)
    assert (np.abs(true_s[of_truth] - found_s[of_found]) <= 0.05).all()


def test_events_of_one_stroke_are_counted_once():
    assert merged(np.array([1.02, 1.0, 1.031, 2.0])).tolist() == [1, 2, 3]


def test_scores_add_up():
    score = Score()
    score.add(np.array([1.0, 2.0, 3.0]), np.array([2.04, 1.0, 5.0, 6.0]))

    assert (score.f, score.precision, score.recall) == (pytest.approx(4 / 7), 0.5, pytest.approx(2 / 3))
    assert (score + score).true == 6 and Score().f == 0


def test_finer_drums_count_as_their_class_and_what_is_no_kit_counts_nowhere():
    assert (one_of_ten("snare_rim"), one_of_ten("china"), one_of_ten("ride_bell")) == (
        "snare",
        "crash",
        "ride",
    )
    assert (one_of_five("splash"), one_of_five("hihat_pedal"), one_of_five("tom_low")) == (
        "cymbal",
        "hihat",
        "tom",
    )
    assert one_of_five("tambourine") is None and lane_of("cowbell") is None
    assert {one_of_five(drum) for drum in TEN} == set(FIVE)


def test_three_five_and_ten_classes_are_scored_apart():
    truth = song((1.0, "kick"), (2.0, "tom_mid"), (3.0, "ride"), (4.0, "hihat_open"))
    answer = song((1.0, "kick"), (2.0, "tom_high"), (3.0, "crash"), (4.0, "hihat_open"), (5.0, "snare"))
    micro = {
        name: strokes.micro_f(strokes.scores([(truth, answer)], *grouping))
        for name, grouping in GROUPINGS.items()
    }
    macro = strokes.macro_f(strokes.scores([(truth, answer)], *GROUPINGS["5"]))

    assert micro == {"3": pytest.approx(4 / 5), "5": pytest.approx(8 / 9), "10": pytest.approx(4 / 9)}
    assert macro == 1.0  # the snare does not occur in the truth


def test_velocities_are_compared_where_both_know_them():
    truth = Annotation([Stroke(1.0, "kick", 0.5), Stroke(2.0, "snare", 0.9), Stroke(3.0, "ride")])
    answer = Annotation([Stroke(1.01, "kick", 0.7), Stroke(2.0, "snare", 0.8), Stroke(3.0, "ride", 0.5)])

    assert strokes.velocity_error([(truth, answer)]) == pytest.approx(0.15)
    assert strokes.velocity_error([(song(), song())]) is None


def test_confidences_that_keep_their_word_have_no_error():
    truth = song(*[(float(second), "kick") for second in range(3)])
    kept = Annotation([Stroke(float(second), "kick", None, 0.75) for second in range(4)])
    boasting = Annotation([Stroke(second + 0.5, "kick", None, 1.0) for second in range(4)])

    assert strokes.calibration_error([(truth, kept)]) == pytest.approx(0)
    assert strokes.calibration_error([(truth, boasting)]) == pytest.approx(1)
    assert strokes.calibration_error([(truth, truth)]) is None


@pytest.mark.parametrize(
    ("played", "written", "wanted"),
    [
        ([(1.0, "kick")], [(1.04, "kick")], 0),
        ([(1.0, "tom_mid")], [(1.0, "tom_low")], 0),  # one lane
        ([(1.0, "hihat_open")], [(1.0, "hihat_closed")], 0),
        ([(1.0, "tom_high")], [(1.0, "tom_mid")], 1),  # moved to another lane
        ([(1.0, "kick")], [(1.2, "kick")], 1),  # moved in time
        ([(1.0, "kick")], [(1.3, "kick")], 2),  # deleted and written anew
        ([(1.0, "kick")], [(1.2, "snare")], 2),
        ([(1.0, "kick")], [], 1),
        ([], [(1.0, "kick"), (1.0, "cowbell")], 1),
        ([(1.0, "kick"), (1.1, "kick")], [(1.0, "snare"), (1.3, "kick")], 2),
    ],
)
def test_edits_are_moves_additions_and_deletions(played, written, wanted):
    assert edits(song(*played), song(*written)) == (wanted, len(played))


def test_beats_are_judged_where_the_truth_has_some():
    truth = song(beats_s=np.arange(4, 12, 0.5), bar_lines_s=np.arange(4, 12, 2))
    answer = song(beats_s=np.arange(0, 20, 0.5) + 0.06, bar_lines_s=np.arange(1, 20, 2))

    assert rhythm.beat_f(truth, answer) == 1.0
    assert rhythm.bar_line_f(truth, answer) == 0.0


def test_a_tempo_is_right_in_the_windows_where_it_is():
    truth = song(beats_s=np.concatenate([np.arange(0, 20, 0.5), np.arange(20, 40.1, 0.4)]))
    steady = song(beats_s=np.arange(0, 41, 0.51))

    assert rhythm.tempo_share(truth, truth) == 1.0
    assert rhythm.tempo_share(truth, steady) == 0.5
    assert rhythm.tempo_share(truth, song(beats_s=np.arange(0, 41, 0.25))) == 0.0  # twice as fast
    assert rhythm.tempo_share(truth, song()) == 0.0


def test_a_map_is_read_with_its_grid_extended_to_both_ends(tmp_path):
    points = [
        {"time": 1200, "bpm": 120, "timeSignature": "4/4"},
        {"time": 5200, "bpm": 60, "timeSignature": "3/4"},
    ]
    hit = {"time": 1000, "performed": 1012.5, "component": "kick", "velocity": 0.5, "confidence": 0.9}
    path = tmp_path / "a.bsm"
    path.write_text(
        json.dumps({"timing": {"timingPoints": points}, "audio": {"duration": 9_000}, "hitObjects": [hit]})
    )

    read = annotation.read_map(path, "performed")

    assert read.strokes == [Stroke(1.0125, "kick", 0.5, 0.9)]
    assert read.beats_s == pytest.approx(
        [0.2, 0.7, 1.2, 1.7, 2.2, 2.7, 3.2, 3.7, 4.2, 4.7, 5.2, 6.2, 7.2, 8.2]
    )
    assert read.bar_lines_s == pytest.approx([1.2, 3.2, 5.2, 8.2])


def test_the_demo_song_agrees_with_itself():
    truth = annotation.read_map(DEMO / "paper-lanterns.bsm", "performed")

    assert edits(truth, truth)[0] == 0 and len(truth.strokes) > 400
    assert rhythm.tempo_share(truth, truth) == rhythm.beat_f(truth, truth) == 1.0


def test_text_annotations_are_read_with_their_beats(tmp_path):
    (tmp_path / "a_subclass.txt").write_text("0.5 \tKD\n0.9\tSST\n1.0\tTMB\n")
    (tmp_path / "a.beats").write_text("1.0 2\n0.5 1\n1.5 1\n")

    read = annotation.read_mdb(tmp_path / "a_subclass.txt", tmp_path / "a.beats")

    assert [stroke.drum for stroke in read.strokes] == ["kick", "snare_rim", "tambourine"]
    assert read.beats_s.tolist() == [0.5, 1.0, 1.5] and read.bar_lines_s.tolist() == [0.5, 1.5]
