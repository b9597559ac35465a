"""Everybody of the demo song but the drummer: bass, three guitars, organ and lead through FluidR3."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np
import soundfile

from training.backing import render_midi
from training.demo_score import BPM, ROOTS, SECTION_BARS, SONG, TRIADS, TUNES
from transcription.units import TICKS_PER_QUARTER


# A part's notes: (part, start, length, pitch, velocity), start and length in quarters from the first bar line.
@dataclass(frozen=True)
class Part:
    channel: int
    program: int
    volume: int
    pan: int


BASS, LEFT, RIGHT, CLEAN, ORGAN, LEAD = (
    Part(0, 34, 105, 64), Part(1, 29, 72, 18), Part(2, 30, 66, 110), Part(3, 27, 78, 84), Part(4, 18, 52, 50),
    Part(5, 29, 82, 64),
)  # fmt: skip

Played = Iterator[tuple[Part, float, float, int, int]]


def record_band(length: int, first_bar_s: float) -> np.ndarray:
    """(samples, 2): bass, three guitars, organ and lead through FluidR3."""
    song = mido.MidiFile(ticks_per_beat=TICKS_PER_QUARTER)
    events = [*_bass(), *_guitars(), *_organ(), *_lead()]
    for part in (BASS, LEFT, RIGHT, CLEAN, ORGAN, LEAD):
        song.tracks.append(_track(part, [event[1:] for event in events if event[0] is part], first_bar_s))
    with tempfile.TemporaryDirectory() as folder:
        midi, wav = Path(folder, "band.mid"), Path(folder, "band.wav")
        song.save(midi)
        render_midi(midi, wav, gain=0.5)
        samples = soundfile.read(wav, dtype="float32", always_2d=True)[0]
    return np.pad(samples, ((0, max(0, length - len(samples))), (0, 0)))[:length]


def _track(part: Part, notes: list[tuple[float, float, int, int]], first_bar_s: float) -> mido.MidiTrack:
    """Notes are (start, length, pitch, velocity) in quarters from the first bar line."""
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(BPM)))
    track.append(mido.Message("program_change", channel=part.channel, program=part.program))
    for control, value in ((7, part.volume), (10, part.pan), (91, 35)):
        track.append(mido.Message("control_change", channel=part.channel, control=control, value=value))
    lead_in = first_bar_s / 60 * BPM
    messages = []
    for start, length, pitch, velocity in notes:
        messages.append((start + lead_in, "note_on", pitch, velocity))
        messages.append((start + lead_in + length * 0.97, "note_off", pitch, 0))
    now = 0
    for quarter, kind, pitch, velocity in sorted(messages, key=lambda m: (m[0], m[1] == "note_on")):
        tick = round(quarter * TICKS_PER_QUARTER)
        track.append(mido.Message(kind, channel=part.channel, note=pitch, velocity=velocity, time=tick - now))
        now = tick
    return track


def _bars() -> Iterator[tuple[int, str, str]]:
    """(quarter of the bar's first beat, section, chord of the bar)."""
    for bar, (section, index) in enumerate(SECTION_BARS):
        yield bar * 4, section.name, section.chords[index]


def _bass() -> Played:
    for quarter, section, chord in _bars():
        root = ROOTS[chord] - 12 if ROOTS[chord] > 43 else ROOTS[chord]
        if section == "end":
            yield BASS, quarter, 4, root, 110
        elif section in ("chorus", "last chorus"):
            for eighth in range(8):
                yield (
                    BASS,
                    quarter + eighth / 2,
                    0.5,
                    root + (12 if eighth == 7 else 0),
                    108 if eighth % 4 == 0 else 92,
                )
        elif section in ("verse", "bridge"):
            for start, length, step in ((0, 1.4, 0), (1.5, 0.5, 0), (2, 0.5, 0), (2.5, 1, 0), (3.5, 0.5, 7)):
                yield BASS, quarter + start, length, root + step, 100


def _guitars() -> Played:
    for quarter, section, chord in _bars():
        power = (ROOTS[chord], ROOTS[chord] + 7, ROOTS[chord] + 12)
        if section in ("intro", "verse", "bridge"):
            for step, eighth in zip((0, 1, 2, 1, 2, 1, 2, 1), range(8), strict=True):
                yield CLEAN, quarter + eighth / 2, 0.9, TRIADS[chord][step], 88 if eighth == 0 else 74
        if section in ("chorus", "last chorus"):
            for part in (LEFT, RIGHT):
                for start, length in ((0, 1.5), (1.5, 1), (2.5, 1.5)):
                    for pitch in power:
                        yield part, quarter + start, length, pitch, 96
        if section == "verse":
            for eighth in (0, 3, 4, 6):
                for pitch in power[:2]:
                    yield LEFT, quarter + eighth / 2, 0.3, pitch, 76
        if section in ("end", "bridge"):
            for part in (LEFT, RIGHT):
                for pitch in power:
                    yield part, quarter, 4, pitch, 92 if section == "end" else 70


def _organ() -> Played:
    for quarter, section, chord in _bars():
        if section in ("chorus", "last chorus", "bridge", "end"):
            for pitch in TRIADS[chord]:
                yield ORGAN, quarter, 4, pitch, 80


def _lead() -> Played:
    quarter = 0
    for section in SONG:
        bars = len(section.drums)
        for start, length, pitch in TUNES.get(section.name, ()):
            if start < bars * 4:
                yield LEAD, quarter + start, length, pitch, 96
        if section.name == "verse" and bars == 8:  # the second half sings the same line
            for start, length, pitch in TUNES["verse"]:
                yield LEAD, quarter + 16 + start, length, pitch, 96
        quarter += bars * 4
