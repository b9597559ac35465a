import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.fingerprints.packing import (
    MOST_CODES,
    InvalidFingerprint,
    codes_from_bytes,
    codes_to_bytes,
    compress,
    decompress,
)
from decoding.sandbox import ffmpeg_path
from decoding.tests.sounds import make_song, write_audio

CODES = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=200)
TEXT = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", max_size=300)


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_audio(tmp_path_factory.mktemp("song") / "song.wav", make_song(3, 30))


def muxed(song: Path, form: str) -> bytes:
    command = [
        ffmpeg_path(),
        "-v",
        "error",
        "-i",
        str(song),
        "-f",
        "chromaprint",
        "-fp_format",
        form,
        "pipe:1",
    ]
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout


@given(CODES)
def test_codes_come_back_from_the_database(codes: list[int]) -> None:
    assert codes_from_bytes(codes_to_bytes(np.array(codes, np.uint32))).tolist() == codes


@given(CODES, st.integers(0, 255))
def test_codes_come_back_from_the_compressed_text(codes: list[int], algorithm: int) -> None:
    unpacked, same_algorithm = decompress(compress(np.array(codes, np.uint32), algorithm))

    assert unpacked.tolist() == codes
    assert same_algorithm == algorithm


def test_the_compressed_text_is_the_one_that_chromaprint_writes(song: Path) -> None:
    codes = np.frombuffer(muxed(song, "raw"), np.uint32)

    assert compress(codes, 1) == muxed(song, "base64").decode().strip()


def test_what_chromaprint_writes_is_read(song: Path) -> None:
    codes, algorithm = decompress(muxed(song, "base64").decode())

    assert codes.tolist() == np.frombuffer(muxed(song, "raw"), np.uint32).tolist()
    assert algorithm == 1


@settings(max_examples=300)
@given(TEXT)
def test_junk_is_refused_or_read_but_never_breaks_the_reader(text: str) -> None:
    try:
        codes, _ = decompress(text)
    except InvalidFingerprint:
        return
    assert 0 < len(codes) <= MOST_CODES


@pytest.mark.parametrize(
    "text", ["", "AQ", "not a fingerprint", "é" * 20, "AQ" + "\x00" * 9, "A" * 5, "A_____" * 10]
)
def test_what_is_no_fingerprint_is_refused(text: str) -> None:
    with pytest.raises(InvalidFingerprint):
        decompress(text)


def test_a_fingerprint_that_breaks_off_is_refused() -> None:
    text = compress(np.random.default_rng(1).integers(0, 2**32, 500).astype(np.uint32), 1)

    with pytest.raises(InvalidFingerprint, match="breaks off"):
        decompress(text[:-40])


def test_a_header_that_announces_millions_of_codes_is_refused() -> None:
    with pytest.raises(InvalidFingerprint, match="announces"):
        decompress("Af___w" + "A" * 100)
