"""Whatever is sent gets a sensible map, or an empty one with a sentence why."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from decoding.failures import DecodingFailed
from transcription.pipeline import Request, Result, transcribe
from transcription.tests import odd_sounds
from transcription.tests.sounds import DEMO, f_measure, rock_beat, write_wav
from transcription.units import SAMPLE_RATE_HZ

INVENTED_BY_SECOND = 1.0  # at most: what a person deletes at one sweep
LANES = range(7)
KIBIBYTE = 1024  # the unit of ru_maxrss on Linux


def listen(ear, song, folder) -> tuple[dict, Result]:
    """The map of a song and what is told about it; whatever the sound, the map holds together."""
    result = transcribe(Request(song, folder / "odd.bsm"), ear)
    written = json.loads((folder / "odd.bsm").read_text())
    times = [hit["time"] for hit in written["hitObjects"]]
    assert times == sorted(times) and all(0 <= time <= written["audio"]["duration"] + 100 for time in times)
    assert all(0 < hit["velocity"] <= 1 and hit["lane"] in LANES for hit in written["hitObjects"])
    assert all(20 < point["bpm"] < 400 for point in written["timing"]["timingPoints"])
    assert written["timing"]["timingPoints"] and (times or result.summary)
    return written, result


def heard(written: dict, drum: str) -> np.ndarray:
    hits = written["hitObjects"]
    return np.array([hit["performed"] / 1000 for hit in hits if hit["component"].startswith(drum)])


@pytest.mark.parametrize(
    "sound",
    [
        odd_sounds.silence, odd_sounds.white_noise, odd_sounds.sine, odd_sounds.speech, odd_sounds.a_cappella,
        odd_sounds.band_without_a_drummer,
    ],
)  # fmt: skip
def test_what_has_no_drums_gets_hardly_a_note_and_a_sentence_why(ear, tmp_path, sound):
    written, result = listen(ear, write_wav(tmp_path / "song.wav", sound()), tmp_path)

    assert len(written["hitObjects"]) <= INVENTED_BY_SECOND * odd_sounds.LASTING_S
    assert result.summary is not None


def test_a_song_whose_drums_were_taken_out_gets_hardly_a_note(ear, tmp_path):
    written, result = listen(ear, DEMO / "paper-lanterns-rest.ogg", tmp_path)

    assert len(written["hitObjects"]) <= INVENTED_BY_SECOND * result.duration_ms / 1000


def test_drums_without_a_song_get_their_map(ear, tmp_path):
    written, result = listen(ear, DEMO / "paper-lanterns-drums.ogg", tmp_path)
    truth = json.loads((DEMO / "paper-lanterns.bsm").read_text())

    assert f_measure(heard(truth, "kick"), heard(written, "kick")) > 0.95
    assert f_measure(heard(truth, "snare"), heard(written, "snare")) > 0.95
    assert result.summary is None


def plain(samples: np.ndarray) -> np.ndarray:
    return samples


def clipped(samples: np.ndarray) -> np.ndarray:
    return np.clip(12 * samples, -1, 1)


def out_of_phase(samples: np.ndarray) -> np.ndarray:
    return np.stack([samples, -samples], 1)


def on_one_side(samples: np.ndarray) -> np.ndarray:
    return np.stack([np.zeros_like(samples), samples], 1)


def very_soft(samples: np.ndarray) -> np.ndarray:
    return samples / 100


@pytest.mark.parametrize("treatment", [plain, clipped, out_of_phase, on_one_side, very_soft])
def test_a_beat_stays_a_beat_however_it_was_recorded(ear, tmp_path, treatment):
    samples, true = rock_beat(100, 8)

    written, _ = listen(ear, write_wav(tmp_path / "song.wav", treatment(samples)), tmp_path)

    assert f_measure(true["kick"], heard(written, "kick")) > 0.8
    assert f_measure(true["snare"], heard(written, "snare")) > 0.8


def test_a_telephone_s_recording_has_its_kick(ear, tmp_path):
    samples, true = rock_beat(120, 8)
    eight_khz = np.interp(
        np.arange(0, len(samples), SAMPLE_RATE_HZ / 8_000), np.arange(len(samples)), samples
    )

    written, _ = listen(ear, write_wav(tmp_path / "song.wav", eight_khz, 8_000), tmp_path)

    assert f_measure(true["kick"], heard(written, "kick")) > 0.7


def test_five_seconds_are_enough(ear, tmp_path):
    samples, true = rock_beat(120, 4)
    five = samples[: 5 * SAMPLE_RATE_HZ]

    written, _ = listen(ear, write_wav(tmp_path / "song.wav", five), tmp_path)

    assert written["audio"]["duration"] == 5000
    assert f_measure(true["kick"][true["kick"] < 4.9], heard(written, "kick")) > 0.8
    assert written["timing"]["bpm"] == pytest.approx(120, rel=0.02)


@pytest.mark.parametrize("sound", [odd_sounds.tempo_change, odd_sounds.rubato])
def test_a_tempo_that_moves_costs_no_stroke_and_moves_none_far(ear, tmp_path, sound):
    beats_s = odd_sounds.BEATS_S[sound]

    written, _ = listen(ear, write_wav(tmp_path / "song.wav", sound()), tmp_path)

    on_grid_s = np.array([h["time"] / 1000 for h in written["hitObjects"] if h["component"] == "kick"])
    assert f_measure(beats_s[0::2], heard(written, "kick")) > 0.9
    assert f_measure(beats_s[0::2], on_grid_s) > 0.85


def test_an_empty_file_is_refused_in_words(ear, tmp_path):
    with pytest.raises(DecodingFailed, match=r"\.$"):
        listen(ear, write_wav(tmp_path / "song.wav", np.zeros(0)), tmp_path)


def test_a_single_sample_is_a_song_without_drums(ear, tmp_path):
    written, _ = listen(ear, write_wav(tmp_path / "song.wav", np.ones(1)), tmp_path)

    assert written["hitObjects"] == []


@pytest.mark.slow
def test_twenty_minutes_are_one_song_and_fit_into_two_gigabytes(tmp_path):
    """In a process of its own, as a person runs it, so that the memory is that of one song."""
    bars, true = rock_beat(120, 50, first_beat_s=0)
    bars = bars[: 100 * SAMPLE_RATE_HZ]
    song = write_wav(tmp_path / "song.wav", np.tile(np.stack([bars, bars], 1).astype(np.float16), (12, 1)))

    child = subprocess.Popen(
        [sys.executable, "-m", "transcription", str(song), "-o", str(tmp_path / "song.bsm")]
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)

    assert child.returncode == 0
    assert usage.ru_maxrss * KIBIBYTE < 2_000_000_000
    written = json.loads((tmp_path / "song.bsm").read_text())
    kicks_s = np.concatenate([true["kick"] + 100 * turn for turn in range(12)])
    assert written["audio"]["duration"] == 1_200_000
    assert f_measure(kicks_s, heard(written, "kick")) > 0.9
    assert len(written["hitObjects"]) < 1.3 * 12 * sum(map(len, true.values()))
