"""A job whose song comes from, and whose map and stems go to, a real S3 server."""

import pytest

from aijobs.services import request_map
from aijobs.tests.factories import make_person, make_recording
from foundation.storage import storage
from maps.models import MapVersion
from maps.selectors import bsm_of

pytestmark = [pytest.mark.s3, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def on_s3(settings, s3_server):
    settings.S3_BUCKET, settings.S3_REGION = s3_server.bucket, s3_server.region
    settings.S3_ACCESS_KEY_ID, settings.S3_SECRET_ACCESS_KEY = (
        s3_server.access_key_id,
        s3_server.secret_access_key,
    )
    settings.S3_PUBLIC_URL = settings.S3_ENDPOINT_URL = s3_server.url
    yield
    for key in list(storage().keys("")):
        storage().delete(key)


def results() -> list[str]:
    return sorted(key for key in storage().keys("") if not key.startswith("audio/"))


def test_a_job_stores_its_map_stems_and_peaks_on_s3():
    person = make_person()
    recording = make_recording(person)
    job = request_map(recording.song, person)
    stems = f"stems/unverified/{recording.song_id}/{job.pk}/"
    assert results() == [
        f"maps/unverified/{recording.song_id}/{job.pk}.bsm",
        *(stems + name for name in ("drums.flac", "peaks.json", "rest.flac")),
    ]
    assert b"Fifty Ways" in bsm_of(MapVersion.objects.get(job_id=job.pk))


def test_a_job_that_fails_leaves_nothing_on_s3():
    person = make_person()
    request_map(make_recording(person, {"die_at": "store"}).song, person)
    assert results() == []
