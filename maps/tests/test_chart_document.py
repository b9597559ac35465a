from typing import Any

import orjson
import pytest

from maps.chart.document import read_bsm, write_bsm
from maps.tests.bsm_files import as_bytes, bsm_1_0, hit, timing


def read(**sections: Any):
    return read_bsm(as_bytes(bsm_1_0(**sections)))


def test_a_file_of_version_1_0_gets_ticks_from_its_tempo() -> None:
    assert [note.tick for note in read().notes] == [0, 960, 1440]


def test_a_file_of_version_1_0_gets_the_same_ids_at_every_reading() -> None:
    assert [note.id for note in read().notes] == ["1000-kick", "1500-snare", "1750-hihat_closed"]


def test_equal_notes_get_ids_of_their_own() -> None:
    assert [note.id for note in read(hitObjects=[hit(5), hit(5), hit(5, id="5-snare-2")]).notes] == [
        "5-snare",
        "5-snare-2",
        "5-snare-3",
    ]


def test_notes_are_sorted_by_time_whatever_the_order_of_the_file() -> None:
    assert [note.time_ms for note in read(hitObjects=[hit(900), hit(30), hit(400)]).notes] == [30, 400, 900]


def test_a_note_without_velocity_and_lane_gets_what_the_format_says() -> None:
    (note,) = read(hitObjects=[{"time": 0, "component": "tom_low"}]).notes
    assert (note.velocity, note.lane) == (0.8, 5)


def test_a_note_without_tick_keeps_its_time_where_ticks_are_too_coarse_for_it() -> None:
    chart = read(timing=timing(bpm=31.7), hitObjects=[hit(ms) for ms in range(100)])
    assert [note.time_ms for note in chart.notes] == list(range(100))


def test_a_note_that_is_moved_gets_the_time_of_its_new_tick() -> None:
    chart = read(timing=timing(bpm=31.7), hitObjects=[hit(17)])
    assert chart.notes[0].moved_to(960, chart.tempo).time_ms == round(60_000 / 31.7)


def test_a_tick_that_contradicts_the_time_gives_way_to_it() -> None:
    (note,) = read(timing=timing(), hitObjects=[hit(1000, tick=0)]).notes
    assert (note.tick, note.time_ms) == (1920, 1000)


def test_a_tick_that_roughly_agrees_with_the_time_stays_and_so_does_the_time() -> None:
    (note,) = read(timing=timing(), hitObjects=[hit(1012, tick=1920)]).notes
    assert (note.tick, note.time_ms) == (1920, 1012)


def test_a_note_before_the_first_beat_has_a_negative_tick() -> None:
    assert read(hitObjects=[hit(500)]).notes[0].tick == -960


def test_a_timing_point_of_version_1_0_becomes_a_tempo_mark() -> None:
    point = {"time": 2000, "bpm": 60, "timeSignature": "3/4"}
    chart = read(timing=timing(point), hitObjects=[hit(4000)])
    assert ([mark.tick for mark in chart.tempo.marks], chart.notes[0].tick) == ([0, 3840], 3840 + 2 * 960)


def test_rounding_of_many_timing_points_to_ticks_never_adds_up() -> None:
    points = [{"time": 1001 * bar, "bpm": 239.77, "timeSignature": "4/4"} for bar in range(300)]
    tempo = read(timing=timing(*points), hitObjects=[]).tempo
    assert max(abs(tempo.ms_at(mark.tick) - 1001 * i) for i, mark in enumerate(tempo.marks)) < 0.5


def test_a_first_timing_point_from_zero_on_keeps_its_time() -> None:
    point = {"time": 0, "bpm": 120, "timeSignature": "4/4"}
    written = orjson.loads(write_bsm(read(timing=timing(point, offset=321))))["timing"]
    assert (written["offset"], written["timingPoints"][0]["time"]) == (321, 0)


def test_unknown_keys_are_written_where_they_were_read() -> None:
    document = bsm_1_0(
        timing=timing({"time": 0, "bpm": 120, "timeSignature": "4/4", "swing": 0.6}, feel="late"),
        hitObjects=[hit(0, stick="left")],
        editor={"zoom": {"x": [1, 2]}},
        shop={"price": 3},
    )
    document["metadata"]["mood"] = "grim"
    written = orjson.loads(write_bsm(read_bsm(as_bytes(document))))
    assert (
        written["timing"]["feel"],
        written["timing"]["timingPoints"][0]["swing"],
        written["hitObjects"][0]["stick"],
        written["editor"]["zoom"],
        written["shop"],
        written["metadata"]["mood"],
    ) == ("late", 0.6, "left", {"x": [1, 2]}, {"price": 3}, "grim")


def test_a_component_that_the_kit_does_not_list_is_added_to_it_on_writing() -> None:
    written = orjson.loads(write_bsm(read(hitObjects=[hit(0, "custom_gong"), hit(0, "ride")])))
    assert written["drumKit"]["components"] == ["kick", "snare", "hihat_closed", "ride", "custom_gong"]


def test_the_order_of_keys_in_the_file_read_does_not_show_in_the_file_written() -> None:
    document = bsm_1_0()
    backwards = dict(reversed(document.items())) | {"metadata": dict(reversed(document["metadata"].items()))}
    assert write_bsm(read_bsm(as_bytes(backwards))) == write_bsm(read_bsm(as_bytes(document)))


def test_the_chart_as_an_object_has_notes_and_tempo_by_id() -> None:
    chart = read(hitObjects=[hit(1500, id="a", confidence=0.9)]).as_object()
    assert (chart["notes"], list(chart["tempo"])) == (
        {"a": {"tick": 960, "component": "snare", "velocity": 0.8, "lane": 2, "confidence": 0.9}},
        ["tempo-0"],
    )


def test_the_chart_as_an_object_tells_a_time_only_where_the_tick_does_not() -> None:
    chart = read(timing=timing(), hitObjects=[hit(1012, tick=1920, id="late"), hit(500, id="sharp")])
    notes = chart.as_object()["notes"]
    assert ("time" in notes["sharp"], notes["late"]["time"]) == (False, 1012)


def test_null_for_an_optional_key_is_as_good_as_leaving_it_out() -> None:
    (note,) = read(hitObjects=[hit(0, duration=None, id=None, confidence=None)], editor=None).notes
    assert (note.duration_ms, note.id) == (None, "0-snare")


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert len(read_bsm(b"\xef\xbb\xbf" + as_bytes(bsm_1_0())).notes) == 3


@pytest.mark.parametrize("version", ["1.0", "1.0.0", "1.1.0", "1.27.3"])
def test_every_version_1_is_read(version: str) -> None:
    assert len(read(version=version).notes) == 3
