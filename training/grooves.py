"""What the drummer plays: stretches of human performances, put together bar by bar into a part.

The performances are those of the Groove MIDI Dataset, with their timing and touch. What ten drummers on an
electronic kit do not play (crashes on every section, metal feet, tambourines, waltzes) is arranged here.
"""

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np

# The pads of the Roland TD-11, which are not plain General MIDI.
COMPONENT_OF_NOTE = {
    36: "kick", 38: "snare", 40: "snare", 37: "snare_rim", 42: "hihat_closed", 22: "hihat_closed",
    46: "hihat_open", 26: "hihat_open", 44: "hihat_pedal", 48: "tom_high", 50: "tom_high", 45: "tom_mid",
    47: "tom_mid", 43: "tom_low", 58: "tom_low", 49: "crash", 55: "crash", 57: "crash", 52: "crash",
    51: "ride", 59: "ride", 53: "ride_bell",
}  # fmt: skip
CROSSTALK_VELOCITY = 10  # below it a pad mostly heard its neighbour
STYLE_WEIGHT = {"rock": 2.0, "pop": 1.6, "punk": 2.0, "jazz": 0.5, "latin": 0.6, "reggae": 1.5, "funk": 1.2}
EARLY_S = 0.03  # a hit this much before the bar line still belongs to the bar
RETRIGGER_S = 0.035
SAME_STROKE_S = 0.045
CRASHES = ("crash", "china", "splash")
TIMEKEEPERS = ("hihat_closed", "hihat_half", "hihat_open", "ride", "ride_bell")


@dataclass(frozen=True)
class Hit:
    time_s: float
    component: str
    velocity: float


@dataclass(frozen=True)
class Groove:
    style: str
    bpm: float
    is_fill: bool
    hits: tuple[Hit, ...]
    duration_s: float


@dataclass(frozen=True)
class Part:
    """What is played in one clip. Beats are (seconds, is a bar line)."""

    hits: list[Hit]
    beats: list[tuple[float, bool]]
    bpm: float
    first_bar_s: float


def load_grooves(grooves: Path, split: str) -> list[Groove]:
    """The 4/4 performances of one split (`train`, `validation` or `test`) of the dataset."""
    loaded = []
    with zipfile.ZipFile(grooves / "groove-midi-dataset.zip") as archive:
        for row in csv.DictReader((grooves / "groove-info.csv").open()):
            if row["split"] != split or row["time_signature"] != "4-4":
                continue
            hits = _read_hits(archive.read("groove/" + row["midi_filename"]))
            if len(hits) >= 4:
                style = row["style"].split("/")[0]
                is_fill = row["beat_type"] == "fill"
                loaded.append(Groove(style, float(row["bpm"]), is_fill, tuple(hits), hits[-1].time_s))
    return loaded


def _read_hits(midi: bytes) -> list[Hit]:
    hits, time_s = [], 0.0
    for message in mido.MidiFile(file=io.BytesIO(midi)):
        time_s += message.time
        if (
            message.type == "note_on"
            and message.velocity >= CROSSTALK_VELOCITY
            and message.note in COMPONENT_OF_NOTE
        ):
            hits.append(Hit(time_s, COMPONENT_OF_NOTE[message.note], message.velocity / 127))
    return hits


def arrange(grooves: list[Groove], rng: np.random.Generator, length_s: float) -> Part:
    """One part of `length_s` seconds: bars of one performance, fills between them, habits of other drummers."""
    beats = [groove for groove in grooves if not groove.is_fill]
    fills = [groove for groove in grooves if groove.is_fill]
    weights = np.array([STYLE_WEIGHT.get(g.style, 1.0) * min(g.duration_s, 40) ** 0.5 for g in beats])
    groove = beats[rng.choice(len(beats), p=weights / weights.sum())]
    bpm = float(np.clip(groove.bpm / rng.uniform(0.8, 1.25), 55, 220))
    beats_per_bar = 3 if rng.random() < 0.08 else 4
    first_bar_s = rng.uniform(0, 0.5)
    hits: list[Hit] = []
    start_s, bar_s = first_bar_s, beats_per_bar * 60 / bpm
    while start_s < length_s:
        bars = int(rng.integers(2, 9))
        hits += _bars_of(groove, rng, start_s, bars, bpm, beats_per_bar)
        if rng.random() < 0.5:
            hits += _crash_at(start_s, rng)
        start_s += bars * bar_s
        if rng.random() < 0.55:
            fill = fills[rng.integers(len(fills))]
            fill_bars = 1 if fill.duration_s < 5 * 60 / fill.bpm else 2
            hits += _bars_of(fill, rng, start_s, fill_bars, bpm, beats_per_bar, is_from_start=True)
            start_s += fill_bars * bar_s
    beat_s = 60 / bpm
    hits = _with_other_habits(hits, rng, first_bar_s, beat_s, length_s)
    count = int((length_s - first_bar_s) / beat_s) + 1
    grid = [(first_bar_s + i * beat_s, i % beats_per_bar == 0) for i in range(count)]
    return Part(_playable(hits, length_s), grid, bpm, first_bar_s)


def _bars_of(
    groove: Groove, rng: np.random.Generator, start_s: float, bars: int, bpm: float, beats_per_bar: int,
    *, is_from_start: bool = False,
) -> list[Hit]:  # fmt: skip
    """`bars` bars of a performance, brought to `bpm`, from a bar of its own that still has enough after it.

    A waltz drops the fourth beat of every bar.
    """
    beat_s = 60 / groove.bpm
    bars_played = max(1, round(groove.duration_s / beat_s / 4))
    first = 0 if is_from_start else int(rng.integers(0, bars_played))
    stretched = []
    for bar in range(bars):
        from_s = ((first + bar) % bars_played) * 4 * beat_s if not is_from_start else bar * 4 * beat_s
        until_s = from_s + beats_per_bar * beat_s
        for hit in groove.hits:
            if from_s - EARLY_S <= hit.time_s < until_s - EARLY_S:
                beat = (hit.time_s - from_s) / beat_s + bar * beats_per_bar
                stretched.append(Hit(start_s + beat * 60 / bpm, hit.component, hit.velocity))
    return stretched


def _crash_at(time_s: float, rng: np.random.Generator) -> list[Hit]:
    cymbal = rng.choice(CRASHES, p=[0.82, 0.12, 0.06])
    struck = [Hit(time_s + rng.normal(0, 0.004), str(cymbal), rng.uniform(0.6, 1))]
    if rng.random() < 0.75:
        struck.append(Hit(time_s + rng.normal(0, 0.004), "kick", rng.uniform(0.6, 1)))
    return struck


SUBSTITUTIONS: tuple[tuple[float, dict[str, str]], ...] = (
    (0.12, {"hihat_closed": "ride", "hihat_open": "ride"}),
    (0.30, {"ride": "hihat_closed", "ride_bell": "hihat_open"}),
    (0.05, {"hihat_closed": "hihat_half"}),
    (0.05, {"hihat_closed": "hihat_open"}),
    (0.05, {"hihat_closed": "crash", "hihat_open": "crash", "ride": "crash"}),
    (0.02, {"hihat_closed": "tom_low", "ride": "tom_low"}),
    (0.02, {"hihat_closed": "cowbell", "ride_bell": "cowbell"}),
    (0.03, {"ride": "ride_bell"}),
    (0.03, {"hihat_open": "hihat_half"}),
    (0.04, {"hihat_closed": "tambourine"}),
    (0.10, {"snare": "snare_rim"}),
)


def _with_other_habits(
    hits: list[Hit], rng: np.random.Generator, first_bar_s: float, beat_s: float, length_s: float
) -> list[Hit]:
    choice = rng.random()
    for share, substitution in SUBSTITUTIONS:
        if 0 <= choice < share:
            hits = [Hit(h.time_s, substitution.get(h.component, h.component), h.velocity) for h in hits]
        choice -= share
    if rng.random() < 0.5:
        hits = [h for h in hits if h.component != "hihat_pedal"]
    if rng.random() < 0.4:  # plain playing: no ghost notes
        hits = [h for h in hits if h.component != "snare" or h.velocity >= 0.35]
    if rng.random() < 0.35:  # even, loud playing
        softest = rng.uniform(0.4, 0.8)
        hits = [Hit(h.time_s, h.component, softest + (1 - softest) * h.velocity) for h in hits]
    if rng.random() < 0.22:
        hits = [h for h in hits if h.component not in TIMEKEEPERS] + _plain_time(
            rng, first_bar_s, beat_s, length_s
        )
    if rng.random() < 0.06:  # metal feet
        step_s = max(beat_s / rng.choice([2, 3, 4]), 0.09)
        times = np.arange(first_bar_s, length_s, step_s)
        hits = [h for h in hits if h.component != "kick"]
        hits += [Hit(t + rng.normal(0, 0.004), "kick", rng.uniform(0.5, 0.9)) for t in times]
    if rng.random() < 0.08:  # the foot under every snare
        hits += [Hit(h.time_s, "kick", rng.uniform(0.5, 1)) for h in hits if h.component == "snare"]
    if rng.random() < 0.15:  # and under toms
        toms = [h for h in hits if h.component.startswith("tom") and rng.random() < 0.6]
        hits += [Hit(h.time_s + rng.normal(0, 0.004), "kick", rng.uniform(0.4, 1)) for h in toms]
    if rng.random() < 0.12:
        times = np.arange(first_bar_s, length_s, beat_s * rng.choice([0.5, 1, 2]))
        hits += [Hit(t + rng.normal(0, 0.005), "tambourine", rng.uniform(0.4, 0.9)) for t in times]
    return hits


def _plain_time(rng: np.random.Generator, first_bar_s: float, beat_s: float, length_s: float) -> list[Hit]:
    component = str(
        rng.choice(["hihat_closed", "hihat_half", "hihat_open", "ride"], p=[0.62, 0.1, 0.1, 0.18])
    )
    step_s = beat_s / rng.choice([1, 2, 2, 2, 3, 4])
    step_s = step_s * 2 if step_s < 0.11 else step_s
    off_beat, loudest, looseness_s = rng.uniform(0.3, 1), rng.uniform(0.5, 1), rng.uniform(0, 0.008)
    open_share = rng.choice([0, 0, 0.06, 0.12])
    played = []
    for index, time_s in enumerate(np.arange(first_bar_s, length_s, step_s)):
        is_opened = component == "hihat_closed" and rng.random() < open_share
        velocity = loudest * (1 if index % 2 == 0 else off_beat) * rng.uniform(0.85, 1)
        played.append(
            Hit(time_s + rng.normal(0, looseness_s), "hihat_open" if is_opened else component, velocity)
        )
    return played


def _playable(hits: list[Hit], length_s: float) -> list[Hit]:
    """What two hands can do: no hat or ride under a crash, no hat under a ride, no drum twice at once."""
    crashes = np.array([h.time_s for h in hits if h.component in CRASHES])
    hits = [h for h in hits if h.component not in TIMEKEEPERS or not _is_near(h.time_s, crashes)]
    rides = np.array([h.time_s for h in hits if h.component.startswith("ride")])
    hats = ("hihat_closed", "hihat_half", "hihat_open")
    hits = [h for h in hits if h.component not in hats or not _is_near(h.time_s, rides)]
    kept: list[Hit] = []
    last_s: dict[str, float] = {}
    for hit in sorted(hits, key=lambda h: h.time_s):
        is_inside = 0 <= hit.time_s < length_s - 0.05
        if is_inside and hit.time_s - last_s.get(hit.component, -1) > RETRIGGER_S:
            kept.append(hit)
            last_s[hit.component] = hit.time_s
    return kept


def _is_near(time_s: float, others_s: np.ndarray) -> bool:
    return len(others_s) > 0 and bool(np.abs(others_s - time_s).min() < SAME_STROKE_S)
