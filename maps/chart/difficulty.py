"""How hard a chart is to play, 0.0 to 10.0, from its notes alone.

The busiest 2, 8 and 32 seconds decide, each by its strokes a second and by how many limbs take part, so a long
break makes no solo easier; docs/maps.md explains the formula. The load is bent so that it never passes 10: a plain
rock beat at 120 bpm gives 3.7, the same in sixteenths 5.3, a blast beat at 240 bpm 8.5. No further note and no further
limb makes a chart easier, nor does playing it faster. The ear computes the same (`transcription.difficulty`).
"""

from math import exp

from maps.chart.document import Chart

STRETCHES_MS = (2_000, 8_000, 32_000)  # a fill, a phrase, what takes endurance
LIMB_OF_LANE = (0, 1, 2, 3, 2, 2, 3)  # right foot, left foot, the hand on the drums, the hand that keeps time
FOOT_STROKES = 1.2  # a foot's stroke in strokes of a hand: hands share the kit, each pedal has one foot
LIMB_LOAD = 0.1  # each limb beyond the first makes all strokes harder by this share
BENDING_LOAD = 16.0  # strokes a second that give 10 * (1 - 1/e), about 6.3


_NAMES = ((2, "Beginner"), (4, "Easy"), (6, "Normal"), (8, "Hard"), (9.5, "Expert"))


def computed_difficulty(chart: Chart) -> float:
    """0.0 to 10.0, one decimal; 0.0 for a chart without notes."""
    strokes = sorted((note.time_ms, note.lane) for note in chart.notes)
    load = sum(_busiest(strokes, stretch_ms) for stretch_ms in STRETCHES_MS) / len(STRETCHES_MS)
    return round(10 * (1 - exp(-load / BENDING_LOAD)), 1)


def difficulty_name(difficulty: float) -> str:
    return next((name for below, name in _NAMES if difficulty < below), "Extreme")


def _busiest(strokes: list[tuple[int, int]], stretch_ms: int) -> float:
    """The load of the stretch that has the highest, in strokes a second."""
    busiest, first = 0.0, 0
    by_limb = [0, 0, 0, 0]
    for time_ms, lane in strokes:
        by_limb[LIMB_OF_LANE[lane]] += 1
        while strokes[first][0] <= time_ms - stretch_ms:
            by_limb[LIMB_OF_LANE[strokes[first][1]]] -= 1
            first += 1
        busiest = max(busiest, _load(by_limb))
    return busiest / (stretch_ms / 1000)


def _load(by_limb: list[int]) -> float:
    strokes = FOOT_STROKES * (by_limb[0] + by_limb[1]) + by_limb[2] + by_limb[3]
    limbs = 4 - by_limb.count(0)
    return strokes * (1 + LIMB_LOAD * (limbs - 1))
