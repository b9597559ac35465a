"""“Paper Lanterns”, written for BeatSight: what each player plays, bar by bar.

Drums are written on sixteenths, X accent, x normal, s soft, g ghost. The other parts are chords and melodies
in quarters. The song is ours; whoever wants it may have it (CC0).
"""

from dataclasses import dataclass

BPM = 118
STROKES = {"X": 0.95, "x": 0.78, "s": 0.55, "g": 0.26}

Pattern = dict[str, str]

COUNT = {"hihat_closed": "x---x---x---x---"}
RISE = {"hihat_open": "s---s---x---x---", "kick": "x---x---x-x-x-x-", "snare": "------------s-xX"}
VERSE = {
    "hihat_closed": "X-s-x-s-X-s-x-s-",
    "snare": "----X--g-g--X---",
    "kick": "X-----x-x-x-----",
}
VERSE_OPEN = {
    "hihat_closed": "X-s-x-s-X-s-x---",
    "hihat_open": "--------------x-",
    "snare": "----X--g-g--X--g",
    "kick": "X--x----x-x---x-",
}
FILL_SNARE = {
    "hihat_closed": "X-s-x-s---------",
    "snare": "----X---sxXxxxXX",
    "kick": "X-----x-X---X---",
}
FILL_TOMS = {
    "hihat_closed": "X-s-------------",
    "snare": "----Xxxx--------",
    "tom_high": "--------Xxx-----",
    "tom_mid": "-----------xXx--",
    "tom_low": "--------------XX",
    "kick": "X-------X---X---",
}
CHORUS_FIRST = {
    "crash": "X---------------",
    "hihat_open": "----x-x-x-x-x-x-",
    "snare": "----X-------X---",
    "kick": "X-x---x-X-x---x-",
}
CHORUS = {
    "hihat_open": "x-x-x-x-x-x-x-x-",
    "snare": "----X-------X---",
    "kick": "X-x---x-X-x---x-",
}
BRIDGE = {
    "ride": "X-x-x-x-X-x-x-x-",
    "tom_low": "--------x--x----",
    "tom_high": "---------------s",
    "snare": "--------X-------",
    "kick": "X-----x---x-----",
}
BRIDGE_TOMS = {
    "tom_low": "X-xx--x-X-xx--x-",
    "tom_mid": "----x-------x-x-",
    "kick": "X-------X-------",
    "hihat_pedal": "----x-------x---",
}
RIDE_CHORUS_FIRST = {
    "crash": "X---------------",
    "ride": "--x-x-x-x-x-x-x-",
    "snare": "----X--g----X---",
    "kick": "X-x---x-X-x--xx-",
}
RIDE_CHORUS = {
    "ride": "X-x-X-x-X-x-X-x-",
    "snare": "----X--g-g--X---",
    "kick": "X-x---x-X-x--xx-",
}
LAST_STROKE = {"crash": "X---------------", "kick": "X---------------"}
SILENCE: Pattern = {}


@dataclass(frozen=True)
class Section:
    name: str
    drums: tuple[Pattern, ...]  # one a bar
    chords: tuple[str, ...]  # one a bar


SONG = (
    Section("intro", (SILENCE, COUNT, COUNT, RISE), ("Em", "C", "G", "D")),
    Section(
        "verse",
        (VERSE, VERSE, VERSE, VERSE_OPEN, VERSE, VERSE, VERSE, FILL_SNARE),
        ("Em", "C", "G", "D", "Em", "C", "G", "D"),
    ),
    Section(
        "chorus",
        (CHORUS_FIRST, CHORUS, CHORUS, CHORUS, CHORUS_FIRST, CHORUS, CHORUS, FILL_TOMS),
        ("C", "G", "D", "Em", "C", "G", "Am", "D"),
    ),
    Section("verse", (VERSE, VERSE_OPEN, VERSE, FILL_SNARE), ("Em", "C", "G", "D")),
    Section(
        "bridge",
        (BRIDGE, BRIDGE, BRIDGE_TOMS, BRIDGE_TOMS, BRIDGE, FILL_TOMS),
        ("Am", "Em", "C", "G", "Am", "B"),
    ),
    Section(
        "last chorus",
        (RIDE_CHORUS_FIRST, RIDE_CHORUS, RIDE_CHORUS, RIDE_CHORUS)
        + (RIDE_CHORUS_FIRST, RIDE_CHORUS, RIDE_CHORUS, FILL_TOMS),
        ("C", "G", "D", "Em", "C", "G", "Am", "D"),
    ),
    Section("end", (LAST_STROKE,), ("Em",)),
)  # fmt: skip
SECTION_BARS = [(section, bar) for section in SONG for bar in range(len(section.drums))]

ROOTS = {"Em": 40, "C": 36, "G": 43, "D": 38, "Am": 45, "B": 47}  # bass notes, MIDI
TRIADS = {
    "Em": (64, 67, 71), "C": (60, 64, 67), "G": (62, 67, 71), "D": (62, 66, 69), "Am": (60, 64, 69), "B": (59, 63, 66)
}  # fmt: skip
# The tune: (start in quarters from the section's first bar, length, MIDI note).
VERSE_TUNE = (
    (0.5, 0.5, 71), (1, 0.5, 71), (1.5, 1, 74), (2.5, 1.5, 71), (4.5, 0.5, 67), (5, 0.5, 69), (5.5, 1.5, 67),
    (8.5, 0.5, 71), (9, 0.5, 71), (9.5, 1, 74), (10.5, 1, 76), (12, 1, 74), (13, 0.5, 71), (13.5, 2, 69),
)  # fmt: skip
CHORUS_TUNE = (
    (0, 1.5, 76), (1.5, 0.5, 74), (2, 1, 76), (3, 1, 79), (4, 1.5, 74), (5.5, 0.5, 71), (6, 2, 74), (8, 1.5, 69),
    (9.5, 0.5, 71), (10, 1, 74), (11, 1, 78), (12, 3, 76), (15, 1, 74),
    (16, 1.5, 76), (17.5, 0.5, 74), (18, 1, 76), (19, 1, 79), (20, 1.5, 83), (21.5, 0.5, 81), (22, 2, 79),
    (24, 1.5, 76), (25.5, 0.5, 74), (26, 1, 76), (27, 1, 72), (28, 4, 74),
)  # fmt: skip
BRIDGE_TUNE = (
    (0, 3, 69),
    (3, 1, 72),
    (4, 4, 71),
    (8, 3, 67),
    (11, 1, 69),
    (12, 4, 71),
    (16, 2, 72),
    (18, 2, 76),
    (20, 4, 75),
)
TUNES = {"verse": VERSE_TUNE, "chorus": CHORUS_TUNE, "last chorus": CHORUS_TUNE, "bridge": BRIDGE_TUNE}
