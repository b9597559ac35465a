"""A file that is no chart is refused, and the refusal says where the file is wrong."""

from typing import Any

import pytest

from maps.chart.document import read_bsm
from maps.chart.fields import BrokenDocument
from maps.tests.bsm_files import as_bytes, bsm_1_0, hit, timing

REQUIRED = [
    *["version", "metadata", "audio", "timing", "drumKit", "hitObjects"],
    *[f"metadata/{key}" for key in ("title", "artist", "creator", "difficulty", "beatmapId", "createdAt")],
    *["metadata/modifiedAt", "audio/filename", "audio/hash", "audio/duration", "audio/sampleRate"],
    *["timing/bpm", "timing/offset", "timing/timeSignature", "drumKit/components"],
]


def refusal(document: Any) -> BrokenDocument:
    with pytest.raises(BrokenDocument) as refused:
        read_bsm(document if isinstance(document, bytes) else as_bytes(document))
    return refused.value


@pytest.mark.parametrize("path", REQUIRED)
def test_a_file_without_a_required_key_is_refused_with_its_place(path: str) -> None:
    document = bsm_1_0()
    *parents, key = path.split("/")
    del (document[parents[0]] if parents else document)[key]
    assert refusal(document).path == f"/{path}"


@pytest.mark.parametrize("path", REQUIRED)
def test_a_required_key_of_a_wrong_type_is_refused_with_its_place(path: str) -> None:
    document = bsm_1_0()
    *parents, key = path.split("/")
    (document[parents[0]] if parents else document)[key] = True
    assert refusal(document).path == f"/{path}"


@pytest.mark.parametrize(
    ("key", "value"),
    [("time", 1.5), ("time", "1"), ("time", -1), ("time", True), ("time", None), ("time", 10**12),
     ("component", "cowbell2"), ("component", 3), ("component", ["kick"]), ("velocity", 1.01),
     ("velocity", "loud"), ("lane", 7), ("lane", -1), ("lane", 2.0), ("tick", 1.5), ("tick", 10**15),
     ("id", ""), ("id", 7), ("id", "x" * 65), ("confidence", -0.1), ("confidence", 2), ("performed", "soon"),
     ("duration", -5), ("flags", "flam"), ("flags", [1]), ("flags", ["x"] * 17)],
)  # fmt: skip
def test_a_note_with_a_senseless_value_is_refused_with_its_place(key: str, value: Any) -> None:
    assert refusal(bsm_1_0(hitObjects=[hit(0), hit(1, **{key: value})])).path == f"/hitObjects/1/{key}"


@pytest.mark.parametrize(
    ("key", "value"),
    [("bpm", 0), ("bpm", -120), ("bpm", 1e9), ("timeSignature", "4"), ("timeSignature", "4/5"),
     ("timeSignature", "0/4"), ("tick", -1), ("tick", 0.5), ("time", None), ("id", [])],
)  # fmt: skip
def test_a_timing_point_with_a_senseless_value_is_refused_with_its_place(key: str, value: Any) -> None:
    point = {"time": 0, "bpm": 120, "timeSignature": "4/4", key: value}
    assert refusal(bsm_1_0(timing=timing(point))).path == f"/timing/timingPoints/0/{key}"


@pytest.mark.parametrize(("key", "value"), [("time", None), ("time", -1), ("label", None), ("label", 3)])
def test_a_section_without_a_time_or_a_name_is_refused_with_its_place(key: str, value: Any) -> None:
    parts = [{"time": 0, "label": "A"}, {"time": 1000, "label": "B", key: value}]
    assert refusal(bsm_1_0(editor={"sections": parts})).path == f"/editor/sections/1/{key}"


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
def test_numbers_that_are_none_are_refused(number: bytes) -> None:
    assert "not valid JSON" in refusal(as_bytes(bsm_1_0()).replace(b"0.95", number)).detail


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"{", b'{"version": "1.0.0"', b"\xff\xfe{\x00}\x00"])
def test_bytes_that_are_no_json_are_refused(data: bytes) -> None:
    assert "not valid JSON" in refusal(data).detail


@pytest.mark.parametrize("data", [b"[]", b"null", b'"map"', b"3"])
def test_json_that_is_no_object_is_refused(data: bytes) -> None:
    assert refusal(data).detail == "The file must hold one JSON object."


@pytest.mark.parametrize("version", ["2.0.0", "0.9", "1", "one", "1.x"])
def test_a_file_of_another_version_is_refused(version: str) -> None:
    assert "1.x" in refusal(bsm_1_0(version=version)).detail


def test_two_notes_with_one_id_are_refused() -> None:
    assert refusal(bsm_1_0(hitObjects=[hit(0, id="a"), hit(1, id="a")])).path == "/hitObjects/1/id"


def test_two_timing_points_with_one_id_are_refused() -> None:
    points = [{"time": ms, "bpm": 120, "timeSignature": "4/4", "id": "a"} for ms in (0, 2000)]
    assert refusal(bsm_1_0(timing=timing(*points))).path == "/timing/timingPoints/1/id"


def test_a_hit_object_that_is_no_object_is_refused_with_its_place() -> None:
    assert refusal(bsm_1_0(hitObjects=[hit(0), 7])).path == "/hitObjects/1"


def test_a_title_of_ten_thousand_characters_is_refused() -> None:
    document = bsm_1_0()
    document["metadata"]["title"] = "x" * 10_000
    assert refusal(document).path == "/metadata/title"


def test_more_notes_than_any_song_has_are_refused() -> None:
    assert refusal(bsm_1_0(hitObjects=[{}] * 100_001)).path == "/hitObjects"


def test_a_file_larger_than_any_chart_is_refused_before_it_is_parsed() -> None:
    assert "larger" in refusal(b" " * (32 * 2**20 + 1)).detail


def test_a_file_nested_too_deeply_to_be_written_again_is_refused() -> None:
    document = as_bytes(bsm_1_0(deep="here")).replace(b'"here"', b"[" * 500 + b"]" * 500)
    assert "nested too deeply" in refusal(document).detail


def test_a_nul_character_is_refused_because_no_database_keeps_it() -> None:
    document = bsm_1_0()
    document["metadata"]["title"] = "Sec\x00toid"
    assert "NUL" in refusal(document).detail


def test_a_written_out_backslash_is_no_nul_character() -> None:
    document = bsm_1_0()
    document["metadata"]["title"] = "\\u0000"
    assert read_bsm(as_bytes(document)).metadata["title"] == "\\u0000"


def test_what_is_odd_but_readable_is_not_refused() -> None:
    document = bsm_1_0(hitObjects=[hit(0), hit(0)])
    document["metadata"]["title"] = ""
    assert len(read_bsm(as_bytes(document)).notes) == 2
