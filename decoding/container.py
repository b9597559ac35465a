"""What kind of sound file this is, by its content alone: names and announced types are only claims.

Each container's own marks are checked deeper than four magic bytes, because the answer decides which demuxer
ffmpeg is forced to use. Whatever isn't one of ours (programs, texts, playlists, archives, films) is None.
"""

import os
import struct
from dataclasses import dataclass
from typing import BinaryIO

from decoding.mpeg_frames import finds_mpeg_frames


@dataclass(frozen=True)
class Container:
    """`demuxer` is ffmpeg's name for it; `content_type` is what to store and serve the file as."""

    name: str
    demuxer: str
    content_type: str
    extension: str


WAV = Container("wav", "wav", "audio/wav", ".wav")
MP3 = Container("mp3", "mp3", "audio/mpeg", ".mp3")
FLAC = Container("flac", "flac", "audio/flac", ".flac")
OGG_VORBIS = Container("ogg vorbis", "ogg", "audio/ogg", ".ogg")
OGG_OPUS = Container("ogg opus", "ogg", "audio/ogg", ".opus")
OGG_FLAC = Container("ogg flac", "ogg", "audio/ogg", ".oga")
MP4 = Container("m4a", "mov", "audio/mp4", ".m4a")

OGG_CODECS = {b"\x01vorbis": OGG_VORBIS, b"OpusHead": OGG_OPUS, b"\x7fFLAC": OGG_FLAC}
OGG_PAGE_HEADER_BYTES = 27
OGG_FIRST_PAGE_OF_A_STREAM = 0x02
# ISO 14496-12 and Apple's register; films in MP4 pass too, only their sound is read.
MP4_BRANDS = {b"M4A ", b"M4B ", b"M4P ", b"mp41", b"mp42", b"isom", b"dash", b"3gp4", b"3gp5", b"3gp6"} | {
    b"iso%d" % number for number in range(2, 10)
}


def sniff(path: str | os.PathLike[str]) -> Container | None:
    with open(path, "rb") as file:
        start = file.read(64)
        if start[:4] in (b"RIFF", b"RF64", b"BW64") and start[8:12] == b"WAVE":
            return WAV
        if start[:4] == b"OggS":
            return _ogg(file)
        if start[4:8] == b"ftyp":
            return _mp4(start)
        file.seek(id3_bytes(start))
        if file.read(4) == b"fLaC":
            return FLAC
        file.seek(id3_bytes(start))
        return MP3 if finds_mpeg_frames(file) else None


def id3_bytes(start: bytes) -> int:
    """Length of the ID3v2 tag that the file starts with, 0 without one. Source: id3.org, ID3v2.4.0 §3.1."""
    if start[:3] != b"ID3" or len(start) < 10 or any(byte & 0x80 for byte in start[6:10]):
        return 0
    size = start[6] << 21 | start[7] << 14 | start[8] << 7 | start[9]
    has_footer = bool(start[5] & 0x10)
    return 10 + size + (10 if has_footer else 0)


def _ogg(file: BinaryIO) -> Container | None:
    """The first stream's codec; a skeleton or a picture stream may stand before it. Source: RFC 3533 §6."""
    file.seek(0)
    for _ in range(8):
        header = file.read(OGG_PAGE_HEADER_BYTES)
        if len(header) < OGG_PAGE_HEADER_BYTES or header[:4] != b"OggS":
            return None
        if not header[5] & OGG_FIRST_PAGE_OF_A_STREAM:
            return None
        payload = file.read(sum(file.read(header[26])))
        for mark, container in OGG_CODECS.items():
            if payload.startswith(mark):
                return container
    return None


def _mp4(start: bytes) -> Container | None:
    (box_bytes,) = struct.unpack(">I", start[:4])
    brands = {start[8:12]} | {start[at : at + 4] for at in range(16, min(box_bytes, len(start)), 4)}
    return MP4 if brands & MP4_BRANDS else None
