"""The teacher's own rules, on material made here: no kit and no performance is needed."""

import json

import numpy as np
import pytest

pytest.importorskip("mido", reason="pip install -r requirements/training.txt")
pytest.importorskip("soundfile", reason="pip install -r requirements/training.txt")

from training import clips, evaluate, mixing, sources, train  # noqa: E402
from training.clips import PERCUSSION, Clip  # noqa: E402
from training.demo_song import play_drums  # noqa: E402
from training.grooves import Groove, Hit, arrange  # noqa: E402
from training.kits import OneShot, VirtualKit  # noqa: E402
from training.targets import Excerpts, target_of  # noqa: E402
from transcription.network import DrumNetwork  # noqa: E402
from transcription.spectrum import BANDS  # noqa: E402
from transcription.units import DRUMS, GROUPS, SAMPLE_RATE_HZ  # noqa: E402

BARS = tuple(
    Hit(beat / 2, drum, 0.8)
    for beat in range(32)
    for drum in ("hihat_closed", "kick" if beat % 2 == 0 else "snare")
)
GROOVES = [Groove("rock", 120, False, BARS, 15.5), Groove("rock", 120, True, BARS[:8], 2.0)]


def clip_with(*hits: tuple[float, int, float]) -> Clip:
    spectrum = np.zeros((600, BANDS), np.float16)
    return Clip(
        spectrum, np.array(hits, np.float32).reshape(-1, 3), np.array([[0.5, 1], [1, 0]], np.float32), "mix"
    )


def library():
    click = OneShot(1.0, -10.0, (np.hanning(2_000) * 20_000).astype(np.int16))
    drums = ("kick", "snare", "hihat_closed", "tom_low", "crash", "ride")
    return {drum: {"muldjord": {"dry": {"hit": [click]}}} for drum in drums}


def test_a_hit_is_wanted_of_its_drum_and_its_group_with_its_velocity():
    target = target_of(clip_with((1.0, DRUMS.index("ride"), 0.6)))

    assert target.onsets[100, DRUMS.index("ride")] == 1
    assert target.onsets[100, len(DRUMS) + GROUPS.index("cymbal")] == 1
    assert target.velocities[100, GROUPS.index("cymbal")] == pytest.approx(0.6, abs=0.001)
    assert target.onsets[99, DRUMS.index("ride")] == 0.5 and target.onsets[97].sum() == 0


def test_a_hit_between_two_frames_is_wanted_more_of_the_nearer_one():
    target = target_of(clip_with((1.003, 0, 0.6)))

    before, at, after = target.onsets[99:102, 0].astype(float)
    assert (before, at, after) == pytest.approx((0.2, 1, 0.8), abs=0.01)
    assert 0.5 * (before - after) / (before - 2 * at + after) == pytest.approx(0.3, abs=0.01)


def test_a_rim_stroke_a_bell_and_a_china_are_labels_of_their_own():
    labels = {
        clips.DRUM_OF_COMPONENT[name]
        for name in ("snare_rim", "ride_bell", "china", "splash", "snare", "ride")
    }

    assert len(labels) == 6


def test_music_laid_over_drums_leaves_what_is_to_be_found_as_it_was():
    music = Clip(
        np.full((600, BANDS), 1, np.float16),
        np.empty((0, 3), np.float32),
        np.empty((0, 2), np.float32),
        "music",
    )
    drums = Clip(
        *(getattr(clip_with((1.0, 0, 0.8)), name) for name in ("spectrum", "hits", "beats")), "drums"
    )
    excerpts = Excerpts([drums, music], np.random.default_rng(0))

    spectra, onsets, _, _ = excerpts.batch(60, 400)

    with_drums = onsets.amax((1, 2)) > 0
    assert with_drums.sum() > 10
    levels = spectra[with_drums].mean((1, 2))
    assert levels.max() - levels.min() > 0.5  # some have music, some have none


def test_a_tambourine_belongs_to_no_drum():
    target = target_of(clip_with((1.0, PERCUSSION, 0.6)))

    assert target.onsets[100, : len(DRUMS)].sum() == 0
    assert target.onsets[100, len(DRUMS) + GROUPS.index("percussion")] == 1


def test_an_inaudible_hit_is_neither_wanted_nor_forbidden():
    target = target_of(clip_with((1.0, 0, 0.05)))

    assert target.onsets[100, 0] == 0 and target.weights[100, 0] == 0 and target.weights[200, 0] == 1


@pytest.mark.parametrize("seed", range(12))
def test_a_part_is_playable_with_two_hands(seed):
    part = arrange(GROOVES, np.random.default_rng(seed), 16.0)

    times = {
        drum: [hit.time_s for hit in part.hits if hit.component == drum]
        for drum in {h.component for h in part.hits}
    }
    for drum, strokes_s in times.items():
        assert np.diff(strokes_s).min(initial=1) > 0.035, drum
    for crash_s in times.get("crash", []):
        assert all(abs(crash_s - ride_s) >= 0.045 for ride_s in times.get("ride", []))
    assert all(0 <= hit.time_s < 16 for hit in part.hits)
    assert part.beats[0] == (part.first_bar_s, True)


def test_what_is_recorded_sounds_when_it_was_struck():
    rng = np.random.default_rng(1)
    part = arrange(GROOVES, rng, mixing.CLIP_S)

    tracks, struck = mixing.record(VirtualKit(library(), rng, is_held_out=False), part)

    first = min(hit.time_s for hit in struck)
    sounding = np.flatnonzero(np.abs(tracks).max(0) > 1e-4)[0] / SAMPLE_RATE_HZ
    assert 0 <= sounding - first < 0.05


def test_shards_keep_clips_as_they_are(tmp_path):
    kept = [clip_with((1.0, 0, 0.5), (2.0, 3, 0.7)), clip_with(), clip_with((0.5, 9, 1.0))]

    clips.save(kept, tmp_path / "shard-000.npz")

    loaded = clips.load(tmp_path)
    assert [len(clip.hits) for clip in loaded] == [2, 0, 1]
    assert np.array_equal(loaded[0].hits, kept[0].hits) and loaded[2].kind == "mix"


def test_a_step_of_training_lowers_the_loss_on_what_it_saw():
    network = DrumNetwork()
    batch = Excerpts([clip_with((1.0, 0, 0.8), (2.0, 1, 0.8))], np.random.default_rng(0)).batch(2, 200)
    optimizer = train.torch.optim.AdamW(network.parameters(), 1e-2)
    losses = []
    for _ in range(3):
        loss = train.loss_of(network, batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())

    assert losses[-1] < losses[0]


def test_an_evaluation_has_a_threshold_and_a_figure_for_every_group():
    held_out = [clip_with((1.0, 0, 0.8), (2.0, 1, 0.8))] * 6

    report = evaluate.evaluate(DrumNetwork().eval(), held_out)

    assert report["judgement"]["thresholds"].keys() == set(GROUPS)
    assert {"five_classes", "ten_classes", "calibration_error", "kick"} <= report["held_out"]["mix"].keys()


def test_every_source_names_its_licence_and_none_forbids_shipping():
    for source in json.loads(sources.MANIFEST.read_text())["sources"]:
        assert source["licence"] and source["origin"] and len(source["sha256"]) == 64
        if source["use"] == "train":
            assert not any(word in source["licence"] for word in ("SA", "NC", "GPL"))


def test_a_source_that_differs_from_the_manifest_is_named(tmp_path):
    with pytest.raises(ValueError, match="is missing"):
        sources.check(tmp_path, tmp_path)


def test_the_demo_drummer_plays_the_same_every_time():
    once, again = (play_drums(np.random.default_rng(118)) for _ in range(2))

    assert once == again and len(once) > 400
