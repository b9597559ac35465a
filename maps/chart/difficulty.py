"""How hard a chart is to play, 0.0 to 10.0, from its notes alone.

What tires a drummer is how many strokes come together: strokes a second are counted in windows of a few
seconds, and the busiest tenth of the song decides, so a long break makes no solo easier. Feet weigh more
than hands, because there is a stick for every hit but only one foot for a kick drum. The load is then bent
so that it never passes 10: 3 a second (a slow rock beat) gives 3, 6 gives 5, 18 (fast metal) gives 9.
"""

from collections import defaultdict
from math import exp

from maps.chart.components import FOOT_LANES
from maps.chart.document import Chart

WINDOW_MS = 4000
FOOT_STROKES = 1.2  # a foot's hit in strokes of a hand
BENDING_LOAD = 8.0  # strokes a second that give 10 * (1 - 1/e), about 6.3

_NAMES = ((2, "Beginner"), (4, "Easy"), (6, "Normal"), (8, "Hard"), (9.5, "Expert"))


def computed_difficulty(chart: Chart) -> float:
    """0.0 to 10.0, one decimal; 0.0 for a chart without notes."""
    strokes_by_window: dict[int, float] = defaultdict(float)
    for note in chart.notes:
        strokes_by_window[note.time_ms // WINDOW_MS] += FOOT_STROKES if note.lane in FOOT_LANES else 1
    if not strokes_by_window:
        return 0.0
    busiest = sorted(strokes_by_window.values(), reverse=True)
    busiest_tenth = busiest[: len(busiest) // 10 + 1]
    load = sum(busiest_tenth) / len(busiest_tenth) / (WINDOW_MS / 1000)
    return round(10 * (1 - exp(-load / BENDING_LOAD)), 1)


def difficulty_name(difficulty: float) -> str:
    return next((name for below, name in _NAMES if difficulty < below), "Extreme")
