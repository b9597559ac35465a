"""Figures in templates."""

import pytest

from beatsight.pages.templatetags import figures
from maps.chart.summary import Hit


@pytest.mark.parametrize(("ms", "text"), [(0, "0:00"), (41_238, "0:41"), (59_999, "1:00"), (None, "")])
def test_a_duration_reads_as_minutes_and_seconds(ms: float | None, text: str):
    assert figures.clock(ms) == text


def test_a_bars_start_reads_to_the_millisecond():
    assert figures.clock_exact(81_004.4) == "1:21.004"


def test_what_is_not_known_has_no_share():
    assert figures.percent(None) == ""
    assert figures.percent(0.834) == "83 %"


def test_an_attribute_gets_a_number_that_html_understands():
    assert figures.unlocalised(0.5) == "0.5"
    assert figures.unlocalised(None) == "0"


def test_a_bars_hits_are_told_drum_by_drum_in_kit_order():
    hits = [
        Hit(1, "hihat_closed", 0.8),
        Hit(1, "kick", 0.8),
        Hit(1 + 1 / 3, "hihat_closed", 0.4),
        Hit(3, "kick", 0.8),
    ]
    assert figures.by_drum(hits) == [("Kick", ["1", "3"]), ("Hi-hat closed", ["1", "1.33"])]
