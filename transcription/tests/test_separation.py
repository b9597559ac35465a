"""Who separates a song, and what people are told about it."""

import numpy as np
import pytest

from transcription import separation, separator
from transcription.separation import separate
from transcription.tests.sounds import rock_beat


@pytest.fixture
def stereo() -> np.ndarray:
    samples, _ = rock_beat(120, 1)
    return np.stack([samples, samples], 1)


def test_demucs_separates_where_its_weights_are_and_the_ear_listens_to_that(tiny_demucs, stereo):
    separated = separate(stereo)

    assert separated.model == "tiny" and separated.is_heard_alone
    assert separated.note == "Demucs (tiny) separated the drums, and the notes were heard in them alone."
    assert separated.drums is not None and separated.drums.shape == stereo.shape


def test_without_its_weights_our_own_separator_does_and_the_note_says_why(stereo):
    told: list[float] = []

    separated = separate(stereo, told.append)

    assert separated.model == separator.SHIPPED and not separated.is_heard_alone
    assert separated.note.startswith(
        "BeatSight's own small separator made the drum track, because the folder"
    )
    assert "in the whole song" in separated.note
    assert separated.drums is not None and separated.drums.shape == stereo.shape
    assert told[-1] == 1


def test_a_demucs_that_does_not_load_is_replaced_too(tmp_path, stereo, monkeypatch):
    (tmp_path / "broken.th").write_bytes(b"no weights")
    monkeypatch.setenv("BEATSIGHT_DEMUCS_REPO", str(tmp_path))
    monkeypatch.setenv("BEATSIGHT_DEMUCS_MODEL", "broken")

    separated = separate(stereo)

    assert separated.model == separator.SHIPPED and "Demucs failed" in separated.note


def test_even_without_any_separator_the_job_goes_on(tmp_path, stereo, monkeypatch):
    monkeypatch.setattr(separation, "_own_separator", lambda: separator.load(folder=tmp_path))

    separated = separate(stereo)

    assert separated.model == "none" and separated.drums is None and not separated.is_heard_alone
    assert "our own separator failed" in separated.note
