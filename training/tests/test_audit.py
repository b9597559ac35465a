"""Kits are held to their names by ear: the ones made here always, a folder of real ones where it is given."""

import os
from pathlib import Path

import pytest

pytest.importorskip("soundfile", reason="pip install -r requirements/training.txt")

from training import audit, kits  # noqa: E402
from training.tests import sounds  # noqa: E402

DRUMS = ("kick", "snare", "hihat_closed", "hihat_open", "tom_high", "tom_mid", "tom_low", "crash")
REAL_KITS = os.environ.get("BEATSIGHT_KITS", "")


def test_a_kit_that_sounds_like_its_names_has_no_faults():
    assert audit.faults(sounds.kit(*DRUMS)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("tom_high", "tom_low"), ("tom_mid", "crash"), ("hihat_closed", "hihat_open"), ("kick", "snare")],
)
def test_two_drums_with_each_others_names_are_found_out(one, other):
    kit = sounds.kit(*DRUMS)
    kit[one], kit[other] = kit[other], kit[one]

    assert any(one in fault or other in fault for fault in audit.faults(kit))


@pytest.mark.skipif(not REAL_KITS, reason="BEATSIGHT_KITS names no folder of kits")
@pytest.mark.parametrize("is_held_out", [False, True])
def test_the_kits_that_train_and_measure_sound_like_their_names(is_held_out):
    library = kits.load_library(Path(REAL_KITS), is_held_out=is_held_out)

    assert audit.faults(library) == []
