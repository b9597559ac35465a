"""Whole songs through the shipped weights: what is known of them must be in their maps."""

import json
from pathlib import Path

import numpy as np
import pytest

from decoding.failures import DecodingFailed
from transcription import pipeline, separator
from transcription.audio import read_song
from transcription.hearing import hear_all
from transcription.pipeline import STAGES, Request, transcribe
from transcription.tests.sounds import DEMO, f_measure, rock_beat, write_wav
from transcription.units import SAMPLE_RATE_HZ

RNG = np.random.default_rng(11)
THREE_CLASSES = {
    "kick": "kick", "snare": "snare", "hihat_closed": "hihat", "hihat_open": "hihat", "hihat_pedal": "hihat",
}  # fmt: skip


def read(path: Path) -> dict:
    return json.loads(path.read_text())


def times_s(written: dict, of: str, key: str = "time") -> np.ndarray:
    hits = written["hitObjects"]
    return np.array([hit[key] / 1000 for hit in hits if THREE_CLASSES.get(hit["component"]) == of])


def map_of(samples: np.ndarray, folder: Path, ear, rate_hz: int = SAMPLE_RATE_HZ) -> tuple[dict, str | None]:
    song = write_wav(folder / "song.wav", samples, rate_hz)
    result = transcribe(Request(song, folder / "song.bsm"), ear)
    return read(folder / "song.bsm"), result.summary


@pytest.fixture(scope="module")
def demo(ear, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    request = Request(DEMO / "paper-lanterns.mp3", folder / "demo.bsm", peaks=folder / "peaks.json")
    told: list[tuple[str, float]] = []
    result = transcribe(request, ear, lambda stage, progress: told.append((stage, progress)))
    return {
        "map": read(folder / "demo.bsm"),
        "peaks": read(folder / "peaks.json"),
        "result": result,
        "told": told,
    }


@pytest.mark.parametrize("key", ["time", "performed"])
def test_kick_snare_and_hat_of_the_demo_song_are_found_in_the_full_mix(demo, key):
    truth = read(DEMO / "paper-lanterns.bsm")
    matched = counted = 0.0
    for drum in ("kick", "snare", "hihat"):
        true, found = times_s(truth, drum, "performed"), times_s(demo["map"], drum, key)
        matched += f_measure(true, found) * (len(true) + len(found))
        counted += len(true) + len(found)

    assert matched / counted >= 0.85


def test_the_demo_song_has_its_tempo_its_bars_and_one_mark(demo):
    (mark,) = demo["map"]["timing"]["timingPoints"]

    assert mark["bpm"] == 118.0 and mark["timeSignature"] == "4/4"
    bar_ms = 4 * 60_000 / 118
    assert abs((mark["time"] - 500 + bar_ms / 2) % bar_ms - bar_ms / 2) < 30


def test_every_written_time_is_what_a_reader_computes_from_its_tick(demo):
    (mark,) = demo["map"]["timing"]["timingPoints"]
    ms_per_tick = 60_000 / (mark["bpm"] * 960)

    for hit in demo["map"]["hitObjects"]:
        assert hit["time"] == pytest.approx(mark["time"] + hit["tick"] * ms_per_tick, abs=0.51)


def test_every_stage_tells_its_start_and_its_end_in_order(demo):
    assert [stage for stage, progress in demo["told"] if progress == 0.0] == list(STAGES)
    assert list(dict.fromkeys(stage for stage, progress in demo["told"] if progress == 1.0)) == list(STAGES)
    assert demo["result"].stage_seconds.keys() == set(STAGES)


def test_a_map_says_who_made_it_and_who_separated_its_drums(demo):
    made_by = demo["map"]["editor"]["aiGenerationMetadata"]

    assert made_by["modelVersion"] == demo["result"].model_version
    assert (made_by["manualEdits"], made_by["separation"]) == (0, separator.SHIPPED)
    assert "in the whole song" in made_by["separationNote"]
    assert 0.5 < made_by["confidence"] <= 1
    assert len(demo["peaks"]["drums"]) == len(demo["peaks"]["song"]) > 2 * 80 * 100


def test_a_plain_rock_beat_becomes_its_own_map(ear, tmp_path):
    samples, true = rock_beat(100, 8)

    written, _ = map_of(samples, tmp_path, ear)

    assert written["timing"]["bpm"] == pytest.approx(100, abs=0.2)
    assert f_measure(true["kick"], times_s(written, "kick")) > 0.9
    assert f_measure(true["snare"], times_s(written, "snare")) > 0.9


def test_channels_that_cancel_each_other_are_heard_all_the_same(ear, tmp_path):
    samples, true = rock_beat(120, 6)

    written, _ = map_of(np.stack([samples, -samples], 1), tmp_path, ear)

    assert f_measure(true["kick"], times_s(written, "kick")) > 0.9


def test_a_telephone_recording_still_has_its_backbeat(ear, tmp_path):
    samples, true = rock_beat(120, 8)
    telephone = np.interp(
        np.arange(0, len(samples), SAMPLE_RATE_HZ / 8_000), np.arange(len(samples)), samples
    )

    written, _ = map_of(telephone, tmp_path, ear, rate_hz=8_000)

    assert f_measure(true["kick"], times_s(written, "kick")) > 0.7


def test_silence_gives_an_empty_map_that_says_why(ear, tmp_path):
    written, summary = map_of(np.zeros(6 * SAMPLE_RATE_HZ), tmp_path, ear)

    assert written["hitObjects"] == [] and written["timing"]["bpm"] == 120
    assert summary is not None and "is silent, so its map is empty" in summary


def tones(seconds: np.ndarray) -> np.ndarray:
    return 0.3 * np.sin(2 * np.pi * 220 * seconds) + 0.2 * np.sin(2 * np.pi * 331 * seconds)


def syllables(seconds: np.ndarray) -> np.ndarray:
    """Like speech: a buzzing voice with formants, four syllables a second."""
    voice = sum(np.sin(2 * np.pi * 130 * n * seconds + n) / n for n in range(1, 25))
    return 0.1 * voice * np.clip(np.sin(2 * np.pi * 2 * seconds), 0, 1)


def noise(seconds: np.ndarray) -> np.ndarray:
    return 0.2 * RNG.standard_normal(len(seconds))


@pytest.mark.parametrize("sound", [tones, syllables, noise])
def test_what_is_no_music_gets_no_invented_drum_part(ear, tmp_path, sound):
    written, _ = map_of(sound(np.arange(12 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ), tmp_path, ear)

    assert len(written["hitObjects"]) < 12 * 5


def test_half_a_second_of_sound_is_a_song_too(ear, tmp_path):
    written, _ = map_of(rock_beat(120, 1)[0][: SAMPLE_RATE_HZ // 2], tmp_path, ear)

    assert written["audio"]["duration"] == 500


def test_a_text_file_is_refused_in_words(ear, tmp_path):
    song = tmp_path / "song.mp3"
    song.write_text("no song at all\n" * 100)

    with pytest.raises(DecodingFailed) as refused:
        transcribe(Request(song, tmp_path / "song.bsm"), ear)

    assert refused.value.code == "not_audio"
    assert not (tmp_path / "song.bsm").exists()


def test_a_song_of_more_than_twenty_minutes_is_refused(ear, tmp_path):
    song = write_wav(tmp_path / "long.wav", np.zeros(1_203 * 8_000, np.float32), 8_000)

    with pytest.raises(DecodingFailed) as refused:
        transcribe(Request(song, tmp_path / "song.bsm"), ear)

    assert refused.value.code == "too_long"


def test_a_song_that_breaks_off_gets_a_map_that_says_so(ear, tmp_path):
    song = write_wav(tmp_path / "song.wav", rock_beat(120, 4)[0])
    song.write_bytes(song.read_bytes()[: song.stat().st_size // 2])

    result = transcribe(Request(song, tmp_path / "song.bsm"), ear)

    assert result.notes > 10
    assert "the file ends after 0:05" in (result.summary or "")


def test_every_song_gets_a_drum_track_and_a_mix_without_drums(ear, tmp_path):
    song = write_wav(tmp_path / "song.wav", rock_beat(120, 2)[0])

    result = transcribe(Request(song, tmp_path / "song.bsm", stems=tmp_path / "stems"), ear)

    stems = {name: read_song(tmp_path / "stems" / file).stereo for name, file in result.stems.items()}
    assert stems["drums"].std() > 2 * stems["rest"].std()
    assert read(tmp_path / "song.bsm")["audio"]["drumStem"] == "drums.ogg"


def test_the_ear_hears_demucs_drums_alone_but_our_own_beside_the_song(
    ear, tmp_path, tiny_demucs, monkeypatch
):
    heard: list[list[np.ndarray]] = []
    monkeypatch.setattr(
        pipeline, "hear_all", lambda _, sounds, tell: heard.append(sounds) or hear_all(ear, sounds)
    )
    song = write_wav(tmp_path / "song.wav", rock_beat(120, 1)[0])

    result = transcribe(Request(song, tmp_path / "song.bsm"), ear)
    monkeypatch.setenv("BEATSIGHT_DEMUCS_MODEL", "not there")
    transcribe(Request(song, tmp_path / "song.bsm"), ear)

    assert result.separation == "tiny"
    ((through_demucs,), (whole, through_our_own)) = heard
    np.testing.assert_allclose(whole, read_song(song).mono(), atol=1e-6)
    assert not np.allclose(through_demucs, whole, atol=1e-3)
    assert through_our_own.shape == whole.shape and np.corrcoef(through_our_own, whole)[0, 1] > 0.9
