"""MIDI to sound through fluidsynth and two MIT-licensed sound fonts, all of them packages of Debian."""

import os
import subprocess
from pathlib import Path

from transcription.units import SAMPLE_RATE_HZ

SOUND_FONTS = tuple(
    Path(path)
    for path in os.environ.get(
        "SOUND_FONTS", "/usr/share/sounds/sf2/FluidR3_GM.sf2:/usr/share/sounds/sf3/MuseScore_General.sf3"
    ).split(":")
)


def render_midi(midi_path: Path, wav_path: Path, gain: float = 0.5, font: Path = SOUND_FONTS[0]) -> None:
    """A MIDI file through a sound font to a 44.1 kHz stereo WAV."""
    command = ["fluidsynth", "-ni", "-q", "-r", str(SAMPLE_RATE_HZ), "-g", str(gain), "-F", str(wav_path)]
    subprocess.run([*command, str(font), str(midi_path)], check=True, capture_output=True)
