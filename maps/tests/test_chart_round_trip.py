"""Nothing may be lost on the way in and out."""

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from maps.chart.components import COMPONENTS
from maps.chart.document import read_bsm, write_bsm
from maps.tests.bsm_files import as_bytes, bsm_1_0

names = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)
unknown_keys = st.dictionaries(names.map("x-{}".format), json_values, max_size=2)
shares = st.floats(0, 1) | st.sampled_from([0, 1])
times_ms = st.integers(0, 600_000)
signatures = st.sampled_from(["4/4", "3/4", "7/8", "5/16", "2/2"])


@st.composite
def hits(draw: st.DrawFn) -> dict[str, Any]:
    optional = {
        "velocity": shares,
        "lane": st.integers(0, 6),
        "tick": st.integers(-5000, 1_200_000),
        "duration": st.floats(0, 5000),
        "confidence": shares,
        "performed": st.floats(-100, 600_000),
        "flags": st.lists(st.sampled_from(["flam", "double"]), max_size=2),
    }
    chosen = draw(st.fixed_dictionaries({}, optional=optional))
    component = draw(st.sampled_from([*COMPONENTS, "custom_gong"]))
    return {"time": draw(times_ms), "component": component, **chosen, **draw(unknown_keys)}


points = st.fixed_dictionaries(
    {"time": times_ms | st.floats(-1000, 600_000), "bpm": st.floats(30, 400), "timeSignature": signatures},
    optional={"tick": st.integers(0, 1_200_000)},
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    hit_objects = draw(st.lists(hits(), max_size=12))
    if draw(st.booleans()):
        hit_objects = [{**row, "id": f"n{index}"} for index, row in enumerate(hit_objects)]
    timing = {
        "bpm": draw(st.floats(30, 400)),
        "offset": draw(st.integers(-2000, 5000) | st.floats(-2000, 5000)),
        "timeSignature": draw(signatures),
        "timingPoints": draw(st.lists(points, max_size=5)),
        **draw(unknown_keys),
    }
    document = bsm_1_0(hitObjects=hit_objects, timing=timing, editor=draw(unknown_keys), **draw(unknown_keys))
    document["metadata"].update(draw(unknown_keys))
    document["drumKit"] = {"components": [*COMPONENTS, "custom_gong"]}
    return document


@given(documents())
def test_a_chart_written_and_read_is_the_same_chart(document: dict[str, Any]) -> None:
    chart = read_bsm(as_bytes(document))
    assert read_bsm(write_bsm(chart)) == chart


@given(documents())
def test_a_file_written_again_is_the_same_bytes(document: dict[str, Any]) -> None:
    written = write_bsm(read_bsm(as_bytes(document)))
    assert write_bsm(read_bsm(written)) == written


@given(documents())
def test_every_key_of_a_note_but_its_tick_is_written_as_it_was_read(document: dict[str, Any]) -> None:
    written = orjson.loads(write_bsm(read_bsm(as_bytes(document))))["hitObjects"]
    kept = [{key: row[key] for key in row if key != "tick"} for row in document["hitObjects"]]
    for row in kept:
        match = next(found for found in written if row.items() <= found.items())
        written.remove(match)
    assert written == []


@given(documents())
def test_notes_stay_where_their_ticks_say_within_what_an_ear_forgives(document: dict[str, Any]) -> None:
    chart = read_bsm(as_bytes(document))
    assert all(abs(chart.tempo.ms_at(note.tick) - note.time_ms) <= 20 for note in chart.notes)


@given(documents())
def test_hit_objects_are_written_in_order_of_time(document: dict[str, Any]) -> None:
    times = [row["time"] for row in orjson.loads(write_bsm(read_bsm(as_bytes(document))))["hitObjects"]]
    assert times == sorted(times)
