"""The same recording in other clothes is recognised, another song isn't: real files, the real muxer, the real index."""

from pathlib import Path

import numpy as np
import pytest

from catalog.fingerprints import (
    Fingerprint,
    InMemoryIndex,
    StoredFingerprint,
    codes_to_bytes,
    fingerprint,
    from_compressed,
    similarity,
)
from decoding.failures import DecodingFailed
from decoding.tests.sounds import RATE_HZ, make_song, write_audio

SONG_S = 40
LOUDER = 10 ** (3 / 20)

# Suffix, ffmpeg's options, seconds cut off the start, gain.
SAME_RECORDING = {
    "mp3 at 96 kbit/s": (".mp3", ("-b:a", "96k"), 0, 1),
    "ogg": (".ogg", ("-c:a", "libvorbis"), 0, 1),
    "opus": (".opus", (), 0, 1),
    "m4a": (".m4a", (), 0, 1),
    "flac": (".flac", (), 0, 1),
    "3 dB louder": (".wav", (), 0, LOUDER),
    "2 s cut off": (".wav", (), 2, 1),
    "2 s cut off, louder, mp3 at 64 kbit/s": (".mp3", ("-b:a", "64k"), 2.06, LOUDER),
    "10 s cut off": (".mp3", ("-b:a", "96k"), 10, 1),
}


@pytest.fixture(scope="module")
def song() -> np.ndarray:
    return make_song(1, SONG_S)


@pytest.fixture(scope="module")
def recording(song: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Fingerprint:
    return fingerprint(write_audio(tmp_path_factory.mktemp("song") / "song.wav", song))


@pytest.fixture(scope="module")
def other_songs(tmp_path_factory: pytest.TempPathFactory) -> list[Fingerprint]:
    """Other songs, among them some in one key and tempo."""
    folder = tmp_path_factory.mktemp("others")
    sounds = [make_song(seed, SONG_S) for seed in (2, 3)]
    sounds += [make_song(seed, SONG_S, tempo_bpm=120, key=50) for seed in (4, 5, 6)]
    return [fingerprint(write_audio(folder / f"{n}.wav", sound)) for n, sound in enumerate(sounds)]


@pytest.mark.parametrize(
    ("suffix", "options", "cut_s", "gain"), SAME_RECORDING.values(), ids=SAME_RECORDING.keys()
)
def test_the_same_recording_in_other_clothes_is_recognised(
    song: np.ndarray,
    recording: Fingerprint,
    tmp_path: Path,
    suffix: str,
    options: tuple[str, ...],
    cut_s: float,
    gain: float,
) -> None:
    changed = np.clip(song[round(cut_s * RATE_HZ) :] * gain, -1, 1)

    match = similarity(
        fingerprint(write_audio(tmp_path / f"x{suffix}", changed, *options)).codes, recording.codes
    )

    assert match.is_same_recording
    assert match.shift_ms == pytest.approx(cut_s * 1000, abs=130)


def test_another_song_is_another_recording(recording: Fingerprint, other_songs: list[Fingerprint]) -> None:
    everything = [recording, *other_songs]

    scores = [similarity(a.codes, b.codes).score for a in everything for b in everything if a is not b]

    assert max(scores) < 0.35


def test_the_song_at_another_speed_is_another_recording(
    song: np.ndarray, recording: Fingerprint, tmp_path: Path
) -> None:
    faster = fingerprint(write_audio(tmp_path / "fast.wav", song, "-af", "atempo=1.03"))

    assert not similarity(faster.codes, recording.codes).is_same_recording


def test_two_held_notes_are_not_taken_for_one_recording(tmp_path: Path) -> None:
    time_s = np.arange(30 * RATE_HZ)[:, None] / RATE_HZ
    notes = [np.sin(2 * np.pi * pitch_hz * time_s).astype(np.float32) / 2 for pitch_hz in (440, 440.5)]
    first, second = (fingerprint(write_audio(tmp_path / f"{n}.wav", note)) for n, note in enumerate(notes))

    assert not similarity(first.codes, second.codes).is_same_recording


def test_a_match_of_a_few_seconds_is_none(recording: Fingerprint) -> None:
    assert similarity(recording.codes[:40], recording.codes).score == 0


def test_a_song_is_found_among_a_thousand(
    song: np.ndarray, recording: Fingerprint, other_songs: list[Fingerprint], tmp_path: Path
) -> None:
    random = np.random.default_rng(1)
    strangers = [
        (f"stranger {n}", np.roll(other_songs[n % 5].codes, n) ^ random.integers(0, 2**32, dtype=np.uint32))
        for n in range(1000)
    ]
    index = InMemoryIndex()
    index.refresh(lambda since: [StoredFingerprint(name, codes_to_bytes(codes)) for name, codes in strangers])
    index.add("the song", recording.codes)

    cut = fingerprint(write_audio(tmp_path / "cut.mp3", song[2 * RATE_HZ :], "-b:a", "96k"))
    found = index.candidates(cut.codes)

    assert found[0].recording_id == "the song"
    assert found[0].match.is_same_recording
    assert not any(candidate.match.is_same_recording for candidate in found[1:])


def test_a_fingerprint_made_in_a_browser_is_the_same_as_ours(recording: Fingerprint) -> None:
    sent = from_compressed(recording.compressed, recording.duration_ms)

    assert sent.hash == recording.hash


def test_a_fingerprint_knows_how_long_the_song_is(recording: Fingerprint) -> None:
    assert recording.duration_ms == SONG_S * 1000


def test_a_text_has_no_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    path.write_text("la la la\n" * 1000)

    with pytest.raises(DecodingFailed, match="not a sound file"):
        fingerprint(path)
