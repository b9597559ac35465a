import pytest

from maps.chart.components import (
    COMPONENTS,
    LANES,
    Lane,
    component_label,
    is_component,
    kit_order,
    lane_of,
    velocity_name,
)


@pytest.mark.parametrize(
    ("component", "lane"),
    [("kick", 0), ("hihat_pedal", 1), ("snare", 2), ("hihat_open", 3), ("tom_high", 4), ("tom_mid", 5),
     ("tom_low", 5), ("ride_bell", 6), ("cowbell", 6), ("custom_gong", 6)],
)  # fmt: skip
def test_every_component_has_its_lane(component: str, lane: int) -> None:
    assert lane_of(component) == lane


def test_all_seven_lanes_are_used() -> None:
    assert set(LANES.values()) == set(Lane)


@pytest.mark.parametrize("name", ["", "Kick", "cowbell2", "custom_", "custom_a/b", "custom_<b>", "custom_\n"])
def test_a_name_outside_the_kit_is_no_component(name: str) -> None:
    assert not is_component(name)


def test_custom_components_are_listed_after_the_kit() -> None:
    assert sorted(["custom_b", "ride", "custom_a", "kick"], key=kit_order) == [
        "kick",
        "ride",
        "custom_a",
        "custom_b",
    ]


def test_labels_are_words() -> None:
    assert [component_label(name) for name in ("hihat_open", "tom_low", "custom_gong")] == [
        "hi-hat open",
        "tom low",
        "gong",
    ]


def test_labels_differ_by_component() -> None:
    assert len({component_label(name) for name in COMPONENTS}) == len(COMPONENTS)


@pytest.mark.parametrize(
    ("velocity", "name"),
    [(0, "ghost"), (0.3, "ghost"), (0.4, "soft"), (0.6, "soft"), (0.7, "normal"), (0.9, "normal"),
     (0.91, "accent"), (1, "accent")],
)  # fmt: skip
def test_a_velocity_has_the_name_that_the_format_gives_it(velocity: float, name: str) -> None:
    assert velocity_name(velocity) == name
