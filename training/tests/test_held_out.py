"""A piece is written as it was played, on a kit and behind a band that are made here."""

import json

import numpy as np
import pytest

pytest.importorskip("mido", reason="pip install -r requirements/training.txt")
soundfile = pytest.importorskip("soundfile", reason="pip install -r requirements/training.txt")

from training import held_out, mixing  # noqa: E402
from training.backing import BackingBand  # noqa: E402
from training.notes import SECTIONS  # noqa: E402
from training.scoring.annotation import read_map  # noqa: E402
from training.tests.test_training import GROOVES, library  # noqa: E402
from transcription.units import SAMPLE_RATE_HZ  # noqa: E402


@pytest.fixture(scope="module")
def piece(tmp_path_factory):
    folder = tmp_path_factory.mktemp("held-out")
    backing = folder / "backing"
    backing.mkdir()
    hum = 8_000 * np.sin(2 * np.pi * 220 * np.arange(40 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ)
    np.save(backing / "hum.npy", hum.astype(np.int16))
    (backing / "index.json").write_text(
        json.dumps([{"name": "hum", "bpm": 120, "style": "rock", "is_held_out": True}])
    )
    (folder / "notes").mkdir()
    for section, choice in SECTIONS.items():
        note = np.tile(hum[:SAMPLE_RATE_HZ].astype(np.int16), (len(choice["pitches"]), 1))
        np.save(folder / "notes" / f"{section}-0.npy", note)
    band = BackingBand(backing, is_held_out=True)
    held_out.write_piece(folder, "piece", library(), GROOVES, band, [1, 2])
    return folder


def test_the_true_map_and_both_recordings_are_as_long_as_each_other(piece):
    truth = read_map(piece / "piece.bsm", "performed")

    for kind in ("drum", "mix"):
        samples, rate_hz = soundfile.read(piece / f"piece_{kind}.flac")
        assert (len(samples) / rate_hz, rate_hz) == (mixing.CLIP_S, SAMPLE_RATE_HZ)
    assert truth.beats_s[-1] <= mixing.CLIP_S


def test_every_true_stroke_is_heard_when_it_was_struck(piece):
    drums, _ = soundfile.read(piece / "piece_drum.flac")
    level = np.abs(drums)
    for stroke in read_map(piece / "piece.bsm", "performed").strokes:
        start = int(stroke.time_s * SAMPLE_RATE_HZ)
        assert level[start : start + 2_500].max() > 0.002
    assert len(read_map(piece / "piece.bsm").strokes) > 20


def test_the_mix_holds_the_band_too(piece):
    drums, mix = (soundfile.read(piece / f"piece_{kind}.flac")[0] for kind in ("drum", "mix"))

    of_the_drums = drums * (mix @ drums) / (drums @ drums)
    assert 0.05 < np.square(mix - of_the_drums).sum() / np.square(mix).sum() < 0.95
