"""How each beat is divided: straight, in triplets or swung, and how finely.

A feel is a set of places in the beat: where its strokes are played, and the ticks at which they are written. Each
beat gets the feel that makes its strokes likeliest, and a feel tends to last: the cheapest path through all beats
is taken (Viterbi). Costs are -2 log of a probability, so that a stroke's squared distance in loosenesses, the
rarity of its place and the rarity of a change add up. After Cemgil, Desain and Kappen, "Rhythm quantization for
transcription", Computer Music Journal 24 (2000): the simplest notation that explains the timing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from transcription.units import TICKS_PER_QUARTER

LOOSENESS_S = 0.015  # usual distance of a played stroke from its place (median 12 to 20 ms in human grooves)
FAR_S = 0.045  # beyond this a stroke's distance says nothing more against a feel
COLLISION_COST = 8.0  # two strokes of one drum at one place
# A feel lasts some 20 beats before another of its kind follows, and some hundred before one of another kind.
CHANGE_COST, CHANGE_OF_KIND_COST = 3.0, 7.0
AT_BAR_LINE = 0.5  # of these costs, where a bar begins
# Drummers call 58 to 70 % swing: the share of the beat that the first of two eighths takes.
SWINGS = tuple(n / 100 for n in range(58, 71))
SWING_GAIN = 0.5  # of cost, in the mean over all beats, that swing must save to be swing
WRITTEN_AS_TRIPLETS_S = 0.025  # a lighter swing is moved further by triplets and stays where it is played


@dataclass(frozen=True)
class Feel:
    """Places end with the next beat, which every feel shares."""

    kind: str
    played: np.ndarray  # shares of the beat
    ticks: np.ndarray  # where these places are written, from the beat on
    place_costs: np.ndarray
    beat_cost: float  # of using it for a beat at all


@dataclass(frozen=True)
class Strokes:
    """What feels are judged by, in order of time; arrays of one length."""

    beats: np.ndarray  # whole numbers that grow with time
    phases: np.ndarray  # place in the beat, 0 to 1
    beat_s: np.ndarray  # seconds that the stroke's beat lasts
    drums: np.ndarray  # a number for each drum
    weights: np.ndarray  # 0 to 1: how sure it is that there was a stroke
    is_first_beat: np.ndarray  # whether the stroke's beat begins a bar


def written_ticks(strokes: Strokes) -> np.ndarray:
    """Ticks after its beat at which each stroke is written (0 to a whole beat), in the feel of its beat."""
    feels = [*STEADY_FEELS, *_swung_feels(strokes)]
    path = feels_of_beats(strokes, feels)
    ticks = np.stack([feel.ticks[_nearest_places(feel, strokes)[0]] for feel in feels])
    return ticks[path, np.arange(len(path))]


def feels_of_beats(strokes: Strokes, feels: Sequence[Feel]) -> np.ndarray:
    """For every stroke the index of the feel that its beat has."""
    _, starts, beat_of_stroke = np.unique(strokes.beats, return_index=True, return_inverse=True)
    costs = np.stack([_beat_costs(feel, strokes, beat_of_stroke) for feel in feels], 1)
    changes = np.array(
        [
            [0 if a is b else CHANGE_COST if a.kind == b.kind else CHANGE_OF_KIND_COST for b in feels]
            for a in feels
        ]
    )
    is_first = strokes.is_first_beat[starts]
    total, came_from = costs[0], []
    for cost, begins_bar in zip(costs[1:], is_first[1:], strict=True):
        ways = total[:, None] + changes * (AT_BAR_LINE if begins_bar else 1)
        came_from.append(ways.argmin(0))
        total = ways.min(0) + cost
    path = [int(total.argmin())]
    for pointers in reversed(came_from):
        path.append(int(pointers[path[-1]]))
    return np.array(path[::-1])[beat_of_stroke]


def _swung_feels(strokes: Strokes) -> list[Feel]:
    """Swung eighths and swung sixteenths with the swing that this song has, where it has one.

    A loose drummer is late as often as early, so what the same swing the other way round explains is chance.
    """
    _, beat_of_stroke = np.unique(strokes.beats, return_inverse=True)
    steady = np.min([_beat_costs(feel, strokes, beat_of_stroke) for feel in STEADY_FEELS], axis=0)
    beat_s = float(np.median(strokes.beat_s))

    def explained(swing: float, parts: int) -> float:
        costs = _beat_costs(_swung(swing, parts, beat_s), strokes, beat_of_stroke)
        return float(np.maximum(steady - costs, 0).mean())

    found = []
    for parts in (1, 2):
        gains = [explained(swing, parts) - explained(1 - swing, parts) for swing in SWINGS]
        if max(gains) > SWING_GAIN:
            found.append(_swung(SWINGS[int(np.argmax(gains))], parts, beat_s))
    return found


def _swung(swing: float, parts: int, beat_s: float) -> Feel:
    """Pairs of notes, `parts` of them a beat, the first taking the share `swing` of each."""
    move_s = abs(swing - 2 / 3) * beat_s / parts
    written = Fraction(2, 3) if move_s <= WRITTEN_AS_TRIPLETS_S else Fraction(round(12 * swing), 12)
    places, rarities = [], []
    for part in range(parts):
        places += [(part / parts, Fraction(part, parts)), ((part + swing) / parts, (part + written) / parts)]
        rarities += [parts if part else 1, 2 * parts]
    return _feel("ternary", places, rarities)


def _even(divisions: int, kind: str, beat_cost: float) -> Feel:
    """Places at equal distances; one is the rarer the more it divides the beat."""
    shares = [Fraction(n, divisions) for n in range(divisions)]
    return _feel(
        kind, [(float(share), share) for share in shares], [s.denominator for s in shares], beat_cost
    )


def _feel(
    kind: str, places: list[tuple[float, Fraction]], rarities: list[int], beat_cost: float = 0.0
) -> Feel:
    share = 1 / np.array([*rarities, 1])
    return Feel(
        kind,
        np.array([played for played, _ in places] + [1.0]),
        np.array([round(written * TICKS_PER_QUARTER) for _, written in places] + [TICKS_PER_QUARTER]),
        -2 * np.log(share / share[:-1].sum()),
        beat_cost,
    )


# Eighths, sixteenths and triplets are everyday; thirty-seconds and sextuplets one beat in five; what fits
# neither, such as triplets against straight notes, one in twenty.
STEADY_FEELS = (
    _even(2, "straight", 0.0), _even(4, "straight", 0.0), _even(8, "straight", 3.0),
    _even(3, "ternary", 0.0), _even(6, "ternary", 3.0), _even(12, "mixed", 6.0),
)  # fmt: skip


def _nearest_places(feel: Feel, strokes: Strokes) -> tuple[np.ndarray, np.ndarray]:
    """The place of each stroke that costs least, and that cost."""
    distances_s = np.abs(strokes.phases[:, None] - feel.played) * strokes.beat_s[:, None]
    costs = (np.minimum(distances_s, FAR_S) / LOOSENESS_S) ** 2 + feel.place_costs
    # Too far from all places, a stroke still goes to the nearest.
    places = np.argmin(costs + distances_s * 1e-3, 1)
    return places, np.take_along_axis(costs, places[:, None], 1)[:, 0]


def _beat_costs(feel: Feel, strokes: Strokes, beat_of_stroke: np.ndarray) -> np.ndarray:
    places, costs = _nearest_places(feel, strokes)
    order = np.lexsort((places, beat_of_stroke, strokes.drums))
    keys = np.stack([strokes.drums, beat_of_stroke, places])[:, order]
    costs[order[1:][(keys[:, 1:] == keys[:, :-1]).all(0)]] += COLLISION_COST
    return np.bincount(beat_of_stroke, strokes.weights * costs) + feel.beat_cost
