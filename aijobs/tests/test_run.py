"""A run from the claim to the map, with a child process that speaks the ear's protocol."""

import pytest

from aijobs.models import Job
from aijobs.services import request_map
from aijobs.tests.factories import make_person, make_recording
from billing.models import RunReservation
from catalog.models import Stem
from foundation.storage import storage
from maps.models import MapVersion

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_song_goes_in_and_a_map_comes_out():
    person = make_person()
    recording = make_recording(person)
    job = request_map(recording.song, person)
    job.refresh_from_db()
    assert (job.state, job.tries, job.error_detail) == ("complete", 1, "")
    version = MapVersion.objects.get(job_id=job.pk)
    assert (version.number, version.source, version.model_version) == (1, "ai", "scripted-1")
    assert version.storage_key == f"maps/unverified/{recording.song_id}/{job.pk}.bsm"
    assert storage().size(version.storage_key)
    folder = f"stems/unverified/{recording.song_id}/{job.pk}/"
    assert sorted(storage().keys(folder)) == [
        folder + name for name in ("drums.flac", "peaks.json", "rest.flac")
    ]
    assert set(Stem.objects.values_list("kind", flat=True)) == {"drums", "rest"}
    assert RunReservation.objects.get(job_id=job.pk).state == "settled"
    assert Job.objects.count() == 1
