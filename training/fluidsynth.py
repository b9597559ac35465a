"""MIDI to sound through fluidsynth and two MIT-licensed sound fonts, all of them packages of Debian."""

import subprocess
from pathlib import Path

from training import debian
from transcription.units import SAMPLE_RATE_HZ

FONT_PACKAGES = (
    ("fluid-soundfont-gm", "/usr/share/sounds/sf2/FluidR3_GM.sf2"),
    (
        "musescore-general-soundfont",
        "/usr/share/sounds/sf3/MuseScore_General.sf3",
    ),  # compressed: slow to open
)


def render_midi(midi_path: Path, wav_path: Path, gain: float = 0.5, font: int = 0) -> None:
    """A MIDI file through the sound font of that number to a 44.1 kHz stereo WAV."""
    font_path = debian.file_of(*FONT_PACKAGES[font])
    command = ["fluidsynth", "-ni", "-q", "-r", str(SAMPLE_RATE_HZ), "-g", str(gain), "-F", str(wav_path)]
    try:
        subprocess.run([*command, str(font_path), str(midi_path)], check=True, capture_output=True)
    except FileNotFoundError as error:
        raise ValueError("fluidsynth is needed to play the band: apt-get install fluidsynth") from error
