"""What drummers play in a bar, as drum tabs: how likely a stroke of each drum is at each place in it.

A bar has a number of beats and a division of the beat: straight into four, swung into three, compound (the
dotted quarter of 6/8) into six. Every beat may be played after any of its bar's patterns.
"""

from dataclasses import dataclass

import numpy as np

# What is listened to: the network's own beats and bar lines, then strokes. Hats and rides keep time alike.
STREAMS = ("beat", "bar line", "kick", "snare", "time", "tom", "crash")
LIKELIHOOD = {"X": 0.85, "x": 0.5, "o": 0.2, ".": 0.02}  # of a stroke at a place of the tab
STRAIGHT, SWUNG, COMPOUND = 4, 3, 6


@dataclass(frozen=True)
class Bar:
    """A kind of bar. Each pattern is a tab of kick, snare and time-keeper, `beats` × `division` signs a row."""

    beats: int
    division: int
    beats_per_minute: tuple[float, float]  # slowest and fastest
    rarity: float  # nats a beat that a bar of this kind must explain better than plain 4/4
    patterns: tuple[tuple[str, str, str], ...]


IN_FOUR = (
    ("X.....o.X.o.....", "....X.......X...", "X.X.X.X.X.X.X.X."),  # rock in eighths
    ("X..o..oox.o...oo", "....X..o.o..X..o", "X.X.X.X.X.X.X.X."),  # funk
    ("X..o..oox.o...oo", "....X..o.o..X..o", "XxXxXxXxXxXxXxXx"),
    ("X...o...X...o...", "....X.......X...", "X...X...X...X..."),  # fast rock in quarters
    ("X...X...X...X...", "....X.......X...", "..X...X...X...X."),  # disco
    ("X...X...X...X...", "....X.......X...", "X.X.X.X.X.X.X.X."),
    ("X.....o...o.....", "........X.......", "X.X.X.X.X.X.X.X."),  # half time
    ("X.X.X.X.X.X.X.X.", "....X.......X...", "X...X...X...X..."),  # metal feet
    ("X..ox..oX..ox..o", "x..o..x...x.o...", "X.xxX.xxX.xxX.xx"),  # samba and bossa
    ("........X.......", "........X.......", "X.X.X.X.X.X.X.X."),  # one drop
    ("X...X...X...X...", "........X.......", "X.X.X.X.X.X.X.X."),  # steppers
    ("o...o...o...o...", "x.x.x.x.x.x.xxxx", "o...o...o...o..."),  # a roll or a fill
    ("................", "................", "................"),
)
IN_FOUR_SWUNG = (
    ("X....oX....o", "...X.....X..", "X.xX.xX.xX.x"),  # shuffle
    ("X....oX....o", "...X.....X..", "XXXXXXXXXXXX"),  # slow blues
    ("o..o..o..o..", "..o..o..o..o", "X..X.xX..X.x"),  # jazz
    ("............", "............", "............"),
)
IN_THREE = (
    ("X.....o.....", "....X...X...", "X.X.X.X.X.X."),  # waltz
    ("X.....o.....", "....X...X...", "X...X...X..."),
    ("X..o..o...oo", "........X...", "X.X.X.X.X.X."),
    ("X..o..o..ooo", "....X..o.o.o", "X.X.X.X.X.X."),
    ("o...o...o...", "x.x.x.x.xxxx", "o...o...o..."),
    ("............", "............", "............"),
)
IN_THREE_SWUNG = (
    ("X.....o..", "..o..o..o", "X..X.xX.x"),  # jazz waltz
    ("X........", "...X..X..", "X.xX.xX.x"),
    (".........", ".........", "........."),
)
IN_SIX = (
    ("X...o.....oo", "......X....o", "X.X.X.X.X.X."),
    ("X..o.o....oo", ".o....X..o.o", "X.X.X.X.X.X."),
    ("X.....o.....", "......X.....", "XxXxXxXxXxXx"),
    ("o.....o.....", "x.x.x.x.x.xx", "o.....o....."),
    ("............", "............", "............"),
)
BARS = (
    Bar(4, STRAIGHT, (54, 220), 0.0, IN_FOUR),
    Bar(4, SWUNG, (54, 220), 0.1, IN_FOUR_SWUNG),
    Bar(3, STRAIGHT, (64, 220), 0.15, IN_THREE),
    Bar(3, SWUNG, (64, 220), 0.3, IN_THREE_SWUNG),
    Bar(2, COMPOUND, (38, 84), 0.25, IN_SIX),
)
BEAT_HEARD, ELSEWHERE_HEARD = 0.9, 0.02  # how often the network hears a beat where one is, and is not
LINE_HEARD, ON_OTHER_BEAT_HEARD, OFF_BEAT_HEARD = 0.8, 0.05, 0.01
TOM, CRASH_ON_LINE, CRASH_ELSEWHERE = 0.05, 0.25, 0.01
SILENT = 0.1  # in the last pattern the band pauses: so much of every stroke is left


def expected(bar: Bar) -> np.ndarray:
    """Events expected in each cell → (patterns, beats, division, streams)."""
    table = np.empty((len(bar.patterns), bar.beats, bar.division, len(STREAMS)))
    of = {name: table[..., number] for number, name in enumerate(STREAMS)}
    of["beat"][:], of["beat"][:, :, 0] = ELSEWHERE_HEARD, BEAT_HEARD
    of["bar line"][:], of["bar line"][:, :, 0] = OFF_BEAT_HEARD, ON_OTHER_BEAT_HEARD
    of["bar line"][:, 0, 0] = LINE_HEARD
    for number, rows in enumerate(bar.patterns):
        for name, row in zip(("kick", "snare", "time"), rows, strict=True):
            signs = [LIKELIHOOD[sign] for sign in row]
            of[name][number] = np.array(signs).reshape(bar.beats, bar.division)
    of["tom"][:] = TOM
    of["crash"][:], of["crash"][:, 0, 0] = CRASH_ELSEWHERE, CRASH_ON_LINE
    table[-1, ..., STREAMS.index("kick") :] *= SILENT
    return table
