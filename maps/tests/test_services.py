"""One job makes one map; a song has at most one canonical map and one verified map a difficulty."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from catalog.models import Song
from foundation.models import OutboxEvent
from maps.chart.document import BrokenDocument
from maps.models import DrumMap, MapVersion
from maps.services import publish_verified_map
from maps.tests.factories import a_recording, an_ai_map, bsm

pytestmark = pytest.mark.django_db


def test_a_first_map_has_version_1_with_the_facts_of_its_file():
    version = an_ai_map()
    assert (version.number, version.source, version.note_count, version.bpm) == (1, "ai", 4, 120.0)
    assert (version.model_version, version.confidence) == ("ear 1", 0.9)
    assert OutboxEvent.objects.get().payload["version_id"] == str(version.pk)


def test_the_same_job_again_gives_the_same_map():
    recording, job_id = a_recording(), uuid4()
    first = an_ai_map(recording, job_id=job_id)
    assert an_ai_map(recording, job_id=job_id) == first
    assert DrumMap.objects.count() == 1


def test_a_song_learns_its_tempo_and_state_from_its_first_map():
    song = Song.objects.get(pk=an_ai_map().drum_map.song_id)
    assert (song.bpm, song.status) == (120.0, "unverified")


def test_a_second_map_of_a_song_is_not_canonical():
    recording = a_recording()
    an_ai_map(recording)
    assert an_ai_map(recording).drum_map.is_canonical is False


def test_a_verified_map_becomes_the_canonical_one():
    recording = a_recording()
    first = an_ai_map(recording).drum_map
    verified = publish_verified_map(recording, bsm(), "maps/verified/x.bsm").drum_map
    first.refresh_from_db()
    assert (first.is_canonical, verified.is_canonical, verified.song.status) == (False, True, "verified")


def test_the_database_refuses_a_second_verified_map_of_a_difficulty():
    recording = a_recording()
    publish_verified_map(recording, bsm(), "maps/verified/x.bsm")
    with pytest.raises(IntegrityError), transaction.atomic():
        publish_verified_map(recording, bsm(), "maps/verified/y.bsm")


def test_a_file_that_cannot_be_read_leaves_no_map():
    with pytest.raises(BrokenDocument), transaction.atomic():
        an_ai_map(bsm=b'{"version": "1.1.0"}')
    assert not MapVersion.objects.exists()
    assert not DrumMap.objects.exists()


def test_the_database_refuses_an_ai_version_without_its_job():
    drum_map = an_ai_map().drum_map
    with pytest.raises(IntegrityError), transaction.atomic():
        MapVersion.objects.create(
            drum_map=drum_map,
            number=2,
            source="ai",
            storage_key="k",
            sha256="0",
            note_count=0,
            bpm=1,
            duration_ms=1,
        )
