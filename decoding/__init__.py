"""Hostile audio files in, facts and samples out.

A file is first recognised by its content (`container`), then read whole once by ffmpeg inside limits
(`sandbox`), which gives its facts or the reason why it is refused (`inspection`). `samples` gives the sound
itself. Everything that goes wrong is a `DecodingFailed` with a code for programs and a sentence for people.
No Django and no torch in here.
"""

from decoding.container import Container, sniff
from decoding.failures import DecodingFailed
from decoding.inspection import AudioFacts, inspect
from decoding.samples import decode_pcm
from decoding.sandbox import ffmpeg_path

__all__ = ["AudioFacts", "Container", "DecodingFailed", "decode_pcm", "ffmpeg_path", "inspect", "sniff"]
