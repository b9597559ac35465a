import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from decoding.container import sniff

SUFFIXES = {
    ".wav": "wav",
    ".mp3": "mp3",
    ".flac": "flac",
    ".ogg": "ogg vorbis",
    ".opus": "ogg opus",
    ".oga": "ogg flac",
    ".m4a": "m4a",
}


def zipped() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("song.mp3", b"\xff\xfb\x90\x00" * 1000)
    return archive.getvalue()


IMPOSTORS = {
    "nothing": b"",
    "a text": b"This is a text about music.\n" * 500,
    "a program": b"MZ\x90\x00\x03\x00\x00\x00" + np.random.default_rng(1).bytes(300_000),
    "an HLS playlist": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n",
    "an ffconcat playlist": b"ffconcat version 1.0\nfile '/etc/passwd'\n",
    "a pls playlist": b"[playlist]\nFile1=http://127.0.0.1/song.mp3\n",
    "a DASH manifest": b'<?xml version="1.0"?><MPD><BaseURL>file:///etc/passwd</BaseURL></MPD>',
    "a zip": zipped(),
    "an AVI film": b"RIFF\x00\x00\x10\x00AVI LIST" + bytes(5000),
    "an Ogg film": b"OggS\x00\x02" + bytes(20) + b"\x01\x2a\x80theora" + bytes(5000),
    "a picture in MP4's family": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(5000),
    "an ID3 tag and nothing else": b"ID3\x04\x00\x00\x00\x00\x02\x00" + bytes(256),
    "one MPEG frame header": b"\xff\xfb\x90\x00" + bytes(5000),
    "a cut Ogg page": b"OggS\x00\x02",
}


@pytest.mark.parametrize(("suffix", "name"), SUFFIXES.items())
def test_a_song_is_known_by_its_content_whatever_it_is_called(
    song_file: Callable[[str], Path], tmp_path: Path, suffix: str, name: str
) -> None:
    renamed = tmp_path / "song.txt"
    renamed.write_bytes(song_file(suffix).read_bytes())

    container = sniff(renamed)

    assert container is not None
    assert container.name == name


@pytest.mark.parametrize("content", IMPOSTORS.values(), ids=IMPOSTORS.keys())
def test_what_is_no_song_is_not_taken_for_one(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(content)

    assert sniff(path) is None


@pytest.mark.parametrize("suffix", [".mp3", ".flac"])
def test_a_song_behind_a_large_id3_tag_is_found(
    song_file: Callable[[str], Path], tmp_path: Path, suffix: str
) -> None:
    three_megabytes = b"ID3\x04\x00\x00" + bytes([1, 64, 0, 0]) + bytes(0x300000)
    path = tmp_path / "tagged"
    path.write_bytes(three_megabytes + song_file(suffix).read_bytes())

    container = sniff(path)

    assert container is not None
    assert container.name == SUFFIXES[suffix]
