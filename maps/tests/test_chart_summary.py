from typing import Any

import pytest

from maps.chart.difficulty import computed_difficulty, difficulty_name
from maps.chart.document import Chart, read_bsm
from maps.chart.summary import BarRow, Hit, notes_by_bar, summarise
from maps.tests.bsm_files import as_bytes, bsm_1_0, hit, timing


def chart(*hits: dict[str, Any], **sections: Any) -> Chart:
    return read_bsm(as_bytes(bsm_1_0(hitObjects=list(hits), timing=timing(), **sections)))


def groove(hits_a_second: float, seconds: int, from_ms: int = 0) -> list[dict[str, Any]]:
    return [hit(from_ms + round(n * 1000 / hits_a_second)) for n in range(round(hits_a_second * seconds))]


def test_notes_are_counted_by_component_in_kit_order() -> None:
    counted = summarise(chart(hit(0, "ride"), hit(0, "kick"), hit(9, "ride"), hit(9, "custom_gong")))
    assert (counted.note_count, list(counted.notes_by_component.items())) == (
        4,
        [("kick", 1), ("ride", 2), ("custom_gong", 1)],
    )


def test_the_mean_confidence_is_of_the_notes_that_have_one() -> None:
    assert summarise(chart(hit(0, confidence=0.5), hit(1, confidence=1), hit(2))).mean_confidence == 0.75


def test_a_chart_without_confidences_has_no_mean_one() -> None:
    assert summarise(chart(hit(0))).mean_confidence is None


def test_the_duration_is_the_sounds() -> None:
    assert summarise(chart(hit(0))).duration_ms == 180_000


def test_a_note_after_the_end_of_the_sound_lengthens_the_duration() -> None:
    assert summarise(chart(hit(200_000))).duration_ms == 200_000


def test_bars_are_rows_of_beats_with_what_is_hit() -> None:
    rows = list(
        notes_by_bar(chart(hit(0, "kick", lane=0), hit(750, "snare", velocity=0.95), hit(4000, "crash")))
    )
    assert rows == [
        BarRow(1, 0, (Hit(1, "kick", 0.8), Hit(2.5, "snare", 0.95))),
        BarRow(3, 4000, (Hit(1, "crash", 0.8),)),
    ]


def test_a_chart_without_notes_has_no_rows() -> None:
    assert list(notes_by_bar(chart())) == []


def test_a_chart_without_notes_is_not_difficult() -> None:
    assert computed_difficulty(chart()) == 0


def test_more_hits_a_second_are_harder() -> None:
    levels = [computed_difficulty(chart(*groove(speed, 20))) for speed in (1, 3, 6, 12, 25)]
    assert levels == sorted(set(levels))


def test_a_long_break_makes_a_solo_no_easier() -> None:
    solo = groove(16, 8)
    assert computed_difficulty(chart(*solo, hit(120_000))) == computed_difficulty(chart(*solo))


def test_fast_feet_are_harder_than_fast_hands() -> None:
    hands = [hit(n * 100, "snare") for n in range(80)]
    feet = [hit(n * 100, "kick", lane=0) for n in range(80)]
    assert computed_difficulty(chart(*feet)) > computed_difficulty(chart(*hands))


def test_no_chart_is_harder_than_ten() -> None:
    assert computed_difficulty(chart(*([hit(0)] * 5000))) == 10


@pytest.mark.parametrize(
    ("difficulty", "name"),
    [
        (0, "Beginner"),
        (2, "Easy"),
        (4, "Normal"),
        (6, "Hard"),
        (8, "Expert"),
        (9.5, "Extreme"),
        (10, "Extreme"),
    ],
)
def test_a_difficulty_has_its_name(difficulty: float, name: str) -> None:
    assert difficulty_name(difficulty) == name
