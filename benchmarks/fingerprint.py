"""How much longer than bare Chromaprint does recognising a song among our own recordings take?

A four-minute MP3 whose first two seconds are cut off is fingerprinted and looked up among 1,000 recordings in a
site of its own (SQLite), by the very functions that an upload goes through; in turns with it the same ffmpeg's
muxer runs on the same file without limits or lookup. Both are warm. Goal: a ratio of at most 1.5.
"""

import statistics
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
from django.utils import timezone

from benchmarks.figures import say
from benchmarks.own_site import own_site
from catalog.fingerprints import Fingerprint, codes_to_bytes, fingerprint
from catalog.fingerprints.chromaprint import LISTENED_S
from decoding import ffmpeg_path
from decoding.tests.sounds import RATE_HZ, make_song, write_audio

RECORDINGS = 1000
SONG_S, CUT_S = 240, 2
ROUNDS = 15
GOAL = 1.5
# Strangers are spliced from pieces of real fingerprints, so that their codes are as common as codes are.
PIECE_CODES, PIECES = 60, 16


def measure() -> dict[str, float]:
    with own_site() as folder:
        song = make_song(1, SONG_S)
        whole = write_audio(folder / "whole.mp3", song, "-b:a", "192k")
        cut = write_audio(folder / "cut.mp3", song[CUT_S * RATE_HZ :], "-b:a", "192k")
        _store_recordings(whole)
        from catalog.recognition.catalogue import known_sound

        lookup_s: list[float] = []

        def recognise() -> None:
            heard = fingerprint(cut)
            started = time.perf_counter()
            found = known_sound(heard)
            lookup_s.append(time.perf_counter() - started)
            assert found and found.is_same_recording and found.recording.song.title == "The song", found

        def bare() -> None:
            chromaprint = ("-t", str(LISTENED_S), "-f", "chromaprint", "-fp_format", "raw", "pipe:1")
            subprocess.run(
                [ffmpeg_path(), "-v", "error", "-i", str(cut), *chromaprint],
                check=True,
                stdout=subprocess.DEVNULL,
            )

        ours_s, bare_s = _in_turns(recognise, bare)
    return {
        "recordings": RECORDINGS,
        "recognise_ms": round(ours_s * 1000, 1),
        "bare_chromaprint_ms": round(bare_s * 1000, 1),
        "lookup_ms": round(statistics.median(lookup_s) * 1000, 2),
        "ratio": round(ours_s / bare_s, 3),
        "goal": GOAL,
    }


def _store_recordings(whole: Path) -> None:
    from catalog.models import Recording, Song

    song, random = fingerprint(whole), np.random.default_rng(1)
    strangers = (_stranger(song.codes, random) for _ in range(RECORDINGS - 1))
    ours = {"The song": song} | {
        f"Stranger {n}": Fingerprint(codes, song.duration_ms) for n, codes in enumerate(strangers)
    }
    songs = Song.objects.bulk_create(Song(title=title) for title in ours)
    Recording.objects.bulk_create(
        Recording(
            song=each,
            fingerprint=codes_to_bytes(ours[each.title].codes),
            fingerprint_hash=ours[each.title].hash,
            duration_ms=song.duration_ms,
        )
        for each in songs
    )
    # They came long ago: what came within minutes is read again with every question, in case it was committed late.
    Recording.objects.update(created_at=timezone.now() - timedelta(days=1))


def _stranger(codes: np.ndarray, random: np.random.Generator) -> np.ndarray:
    starts = random.integers(0, len(codes) - PIECE_CODES, PIECES)
    spliced = np.concatenate([codes[start : start + PIECE_CODES] for start in starts])
    return spliced ^ (np.uint32(1) << random.integers(0, 32, len(spliced)).astype(np.uint32))


def _in_turns(*calls: Callable[[], None]) -> list[float]:
    """Median seconds of each call, after one that warms it; taken in turns, so that a busy moment hits all alike."""
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(ROUNDS + 1):
        for call, times in zip(calls, taken, strict=True):
            started = time.perf_counter()
            call()
            times.append(time.perf_counter() - started)
    return [statistics.median(times[1:]) for times in taken]


if __name__ == "__main__":
    say(measure, __doc__)
