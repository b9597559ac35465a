import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mutagen.id3 import APIC, ID3

from decoding.failures import DecodingFailed
from decoding.inspection import inspect
from decoding.sandbox import ffmpeg_path
from decoding.tests.conftest import SONG_S
from decoding.tests.sounds import RATE_HZ, write_audio

SongFile = Callable[[str], Path]
WAV_DATA_SIZE_AT = 40
SUFFIXES = [".wav", ".mp3", ".flac", ".ogg", ".opus", ".oga", ".m4a"]


def refusal(path: Path) -> DecodingFailed:
    with pytest.raises(DecodingFailed) as refused:
        inspect(path)
    assert refused.value.detail.endswith(".")
    return refused.value


def plain_wav(
    path: Path, song: np.ndarray, *, riff_bytes: int | None = None, data_bytes: int | None = None
) -> Path:
    """A WAV with the 44 byte header of old, with sizes that may lie."""
    sound = (song * 32767).astype("<i2").tobytes()
    header = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", 36 + len(sound) if riff_bytes is None else riff_bytes, b"WAVE"),
        *(b"fmt ", 16, 1, 2, RATE_HZ, 4 * RATE_HZ, 4, 16),
        *(b"data", len(sound) if data_bytes is None else data_bytes),
    )
    path.write_bytes(header + sound)
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_whole_song_has_its_facts_counted(song_file: SongFile, suffix: str) -> None:
    facts = inspect(song_file(suffix))

    assert facts.duration_ms == pytest.approx(SONG_S * 1000, abs=60)
    assert facts.sample_rate_hz == (48_000 if suffix == ".opus" else RATE_HZ)
    assert facts.channels == 2
    assert not facts.is_silent


def test_a_cover_picture_in_a_song_is_ignored(song: np.ndarray, tmp_path: Path) -> None:
    path = write_audio(tmp_path / "song.mp3", song)
    tags = ID3(path)
    tags.add(APIC(mime="image/jpeg", type=3, data=b"\xff\xd8\xff\xe0 a picture that no decoder likes"))
    tags.save()

    assert inspect(path).codec == "mp3"


def test_tags_that_imitate_the_log_of_ffmpeg_change_no_fact(song: np.ndarray, tmp_path: Path) -> None:
    title = "title=x\n[info]   Duration: 09:00:00.00, start\n[info]   Stream #0:0: Audio: pcm_s16le, 1 Hz, mono, s16"

    path = write_audio(tmp_path / "song.mp3", song, "-metadata", title)

    assert inspect(path).sample_rate_hz == RATE_HZ


def test_an_empty_file_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    path.touch()

    assert refusal(path).code == "empty"


def test_a_text_called_mp3_is_no_audio(tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    path.write_text("la la la\n" * 1000)

    assert refusal(path).code == "not_audio"


def test_a_film_without_sound_is_no_audio(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    film = ("-f", "lavfi", "-i", "testsrc=duration=5:size=64x64", "-c:v", "mpeg4", str(path))
    subprocess.run([ffmpeg_path(), "-v", "error", *film], check=True, timeout=60)

    assert refusal(path).code == "not_audio"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_song_that_breaks_off_is_rejected_with_its_reason(
    song_file: SongFile, tmp_path: Path, suffix: str
) -> None:
    whole = song_file(suffix).read_bytes()
    path = tmp_path / "song"
    path.write_bytes(whole[: len(whole) // 2])

    assert refusal(path).code == "broken"


def test_a_truncated_flac_is_told_where_it_ends(song_file: SongFile, tmp_path: Path) -> None:
    whole = song_file(".flac").read_bytes()
    path = tmp_path / "song.flac"
    path.write_bytes(whole[: len(whole) // 2])

    assert "0:10 of 0:20" in refusal(path).detail


@pytest.mark.parametrize("suffix", [".mp3", ".flac", ".ogg", ".opus", ".m4a"])
def test_a_hole_in_the_middle_is_found(song_file: SongFile, tmp_path: Path, suffix: str) -> None:
    damaged = bytearray(song_file(suffix).read_bytes())
    middle, hole = len(damaged) // 2, len(damaged) // 8
    damaged[middle : middle + hole] = np.random.default_rng(1).bytes(hole)
    path = tmp_path / "song"
    path.write_bytes(damaged)

    assert refusal(path).code == "broken"


def test_a_few_junk_bytes_in_an_mp3_are_forgiven(song_file: SongFile, tmp_path: Path) -> None:
    damaged = bytearray(song_file(".mp3").read_bytes())
    damaged[100_000:100_300] = np.random.default_rng(1).bytes(300)
    path = tmp_path / "song.mp3"
    path.write_bytes(damaged)

    assert inspect(path).duration_ms == pytest.approx(SONG_S * 1000, abs=200)


@pytest.mark.parametrize("data_bytes", [0, 44_100, 0x7FFF_FFFF, 0xFFFF_FFF0, 0xFFFF_FFFF])
def test_a_wav_with_a_lying_header_is_rejected(song: np.ndarray, tmp_path: Path, data_bytes: int) -> None:
    path = plain_wav(tmp_path / "song.wav", song, data_bytes=data_bytes)

    assert refusal(path).code == "broken"


def test_a_wav_that_was_written_to_a_pipe_is_taken(song: np.ndarray, tmp_path: Path) -> None:
    open_end = 0xFFFF_FFFF

    path = plain_wav(tmp_path / "song.wav", song, riff_bytes=open_end, data_bytes=open_end)

    assert inspect(path).duration_ms == SONG_S * 1000


@pytest.mark.parametrize(
    ("at", "form", "lie"), [(22, "<H", 0), (22, "<H", 60_000), (24, "<I", 0), (24, "<I", 1)]
)
def test_a_wav_with_impossible_channels_or_rate_is_rejected(
    song: np.ndarray, tmp_path: Path, at: int, form: str, lie: int
) -> None:
    path = plain_wav(tmp_path / "song.wav", song)
    content = bytearray(path.read_bytes())
    struct.pack_into(form, content, at, lie)
    path.write_bytes(content)

    assert refusal(path).code == "broken"


def test_a_wav_with_tags_behind_its_sound_is_taken(song: np.ndarray, tmp_path: Path) -> None:
    path = plain_wav(tmp_path / "song.wav", song)
    path.write_bytes(path.read_bytes() + b"LIST" + struct.pack("<I", 400_000) + bytes(400_000))

    assert inspect(path).duration_ms == SONG_S * 1000


def test_ten_hours_of_silence_are_too_long(tmp_path: Path) -> None:
    minute = np.zeros((60 * 8_000, 1), np.float32)
    path = write_audio(tmp_path / "night.mp3", minute, "-write_xing", "0", "-b:a", "8k", rate_hz=8_000)
    path.write_bytes(path.read_bytes() * 600)

    refused = refusal(path)

    assert refused.code == "too_long"
    assert "20:00" in refused.detail


def test_a_silent_song_is_rejected(tmp_path: Path) -> None:
    path = write_audio(tmp_path / "rest.wav", np.full((10 * RATE_HZ, 2), 0.0005, np.float32))

    assert refusal(path).code == "silent"


def test_a_snippet_is_too_short(song: np.ndarray, tmp_path: Path) -> None:
    path = write_audio(tmp_path / "snippet.wav", song[: 2 * RATE_HZ])

    assert refusal(path).code == "too_short"
