"""Where a file's own headers promise more, or less, than the file holds, and ffmpeg wouldn't tell.

ffmpeg plays as much of a WAV or Ogg file as there is and says nothing. (For MP3, FLAC and M4A it reports the
promised duration, which `inspection` compares with what was decoded.)
"""

import os
import struct
from typing import BinaryIO

from decoding.container import OGG_PAGE_HEADER_BYTES, Container
from decoding.failures import broken, clock

UNKNOWN_SIZE = 0xFFFF_FFFF
OGG_LARGEST_PAGE_BYTES = 65_307
OGG_LAST_PAGE_OF_A_STREAM = 0x04
# Bytes of sound that may be missing or over: a second of a CD's, for tags and careless writers.
WAV_SLACK_BYTES = 44_100 * 4


def check_promises(path: str | os.PathLike[str], container: Container) -> None:
    """Raise `DecodingFailed("broken")` where a WAV's header or an Ogg file's end shows that it lies."""
    with open(path, "rb") as file:
        if container.name == "wav":
            _check_wav(file, os.path.getsize(path))
        elif container.demuxer == "ogg":
            _check_ogg_end(file, os.path.getsize(path))


def _check_wav(file: BinaryIO, file_bytes: int) -> None:
    """The data chunk must be about as long as the file. Source: RIFF MCI 1991; EBU Tech 3306."""
    riff, riff_bytes = struct.unpack("<4sI4x", file.read(12))
    bytes_per_second = wide_data_bytes = 0
    while True:
        header = file.read(8)
        if len(header) < 8:
            raise broken("This WAV file holds no sound.")
        name, size = struct.unpack("<4sI", header)
        if name == b"data":
            break
        body = file.read(min(size, 64))
        if name == b"fmt " and len(body) >= 16:
            bytes_per_second = _believable_byte_rate(body)
        if name == b"ds64" and len(body) >= 16:
            (wide_data_bytes,) = struct.unpack_from("<Q", body, 8)
        file.seek(size - len(body) + size % 2, os.SEEK_CUR)
    if not bytes_per_second:
        raise broken("This WAV file doesn't say how its sound is stored.")

    # A program that writes to a pipe can't go back to fill in the sizes and leaves both of them open.
    if riff != b"RF64" and riff_bytes == size == UNKNOWN_SIZE:
        return
    promised = wide_data_bytes if riff != b"RIFF" and size == UNKNOWN_SIZE else size
    held = file_bytes - file.tell()
    if promised > held + WAV_SLACK_BYTES:
        raise broken(
            f"The WAV header promises {clock(promised / bytes_per_second)} of sound, "
            f"but the file ends after {clock(held / bytes_per_second)}."
        )
    file.seek(promised + promised % 2, os.SEEK_CUR)
    if held > promised + WAV_SLACK_BYTES and not _is_chunk_name(file.read(4)):
        raise broken(
            f"The WAV header promises {clock(promised / bytes_per_second)} of sound, "
            f"but the file holds {clock(held / bytes_per_second)}."
        )


def _believable_byte_rate(body: bytes) -> int:
    _, channels, rate_hz, bytes_per_second = struct.unpack_from("<HHII", body)
    if not (1 <= channels <= 8 and 8_000 <= rate_hz <= 384_000):
        raise broken(f"The WAV header claims {channels} channels at {rate_hz} Hz, which can't be.")
    return bytes_per_second


def _is_chunk_name(name: bytes) -> bool:
    return len(name) == 4 and all(0x20 <= byte < 0x7F for byte in name)


def _check_ogg_end(file: BinaryIO, file_bytes: int) -> None:
    """The last page must be whole; a download that broke off nearly always ends within a page."""
    file.seek(max(0, file_bytes - OGG_LARGEST_PAGE_BYTES))
    tail = file.read()
    at = tail.rfind(b"OggS")
    page = tail[at : at + OGG_PAGE_HEADER_BYTES] if at >= 0 else b""
    if len(page) == OGG_PAGE_HEADER_BYTES:
        lengths = tail[at + OGG_PAGE_HEADER_BYTES :][: page[26]]
        is_whole = len(tail) - at >= OGG_PAGE_HEADER_BYTES + page[26] + sum(lengths)
        if is_whole or page[5] & OGG_LAST_PAGE_OF_A_STREAM:
            return
    raise broken("The file breaks off in the middle.")
