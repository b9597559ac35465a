import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from decoding.failures import DecodingFailed
from decoding.sandbox import MEBIBYTE, Limits, run_ffmpeg

SongFile = Callable[[str], Path]
TO_NOTHING = ("-f", "null", "pipe:1")
ENDLESSLY = ("-stream_loop", "-1")


def processes_that_read(path: Path) -> list[str]:
    lines = []
    for commandline in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(commandline.read_text())
        except OSError:
            continue
    return [line for line in lines if str(path) in line]


@pytest.mark.parametrize(
    ("input_options", "limits"),
    [(("-re",), Limits(wall_s=1)), (ENDLESSLY, Limits(wall_s=60, cpu_s=1))],
    ids=["on the clock", "on the processor"],
)
def test_a_decoder_that_takes_too_long_is_ended_and_leaves_no_process(
    song_file: SongFile, input_options: tuple[str, ...], limits: Limits
) -> None:
    path = song_file(".wav")

    with pytest.raises(DecodingFailed) as failed:
        run_ffmpeg(path, "wav", TO_NOTHING, input_options=input_options, limits=limits)

    assert failed.value.code == "timeout"
    assert processes_that_read(path) == []


def test_a_decoder_that_wants_too_much_memory_is_refused(song_file: SongFile) -> None:
    keeping_all_of_it = ("-af", "areverse")
    limits = Limits(address_space_bytes=512 * MEBIBYTE)

    with pytest.raises(DecodingFailed) as failed:
        run_ffmpeg(
            song_file(".wav"),
            "wav",
            (*keeping_all_of_it, *TO_NOTHING),
            input_options=ENDLESSLY,
            limits=limits,
        )

    assert failed.value.code == "out_of_memory"


def test_a_file_that_unpacks_without_end_is_stopped(song_file: SongFile) -> None:
    raw = ("-f", "f32le", "pipe:1")

    with pytest.raises(DecodingFailed) as failed:
        run_ffmpeg(
            song_file(".wav"), "wav", raw, input_options=ENDLESSLY, limits=Limits(output_bytes=1 << 20)
        )

    assert failed.value.code == "broken"


def test_a_playlist_opens_no_other_file_even_when_taken_for_a_song(
    song_file: SongFile, tmp_path: Path
) -> None:
    playlist = tmp_path / "song.mp3"
    playlist.write_text(f"ffconcat version 1.0\nfile '{song_file('.mp3')}'\n")

    with run_ffmpeg(playlist, "mp3", ("-f", "f32le", "pipe:1")).output as output:
        assert output.read() == b""


def test_a_file_named_like_an_address_is_read_as_a_file(song_file: SongFile, tmp_path: Path) -> None:
    path = tmp_path / "concat:http:.wav"
    path.write_bytes(song_file(".wav").read_bytes())

    with run_ffmpeg(path, "wav", ("-f", "f32le", "pipe:1")).output as output:
        assert output.read() != b""


def test_a_failure_survives_the_way_between_processes() -> None:
    failure = pickle.loads(pickle.dumps(DecodingFailed("silent", "Nothing is to be heard.")))

    assert (failure.code, failure.detail) == ("silent", "Nothing is to be heard.")
