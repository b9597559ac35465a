"""`manage.py generate_map`: a file on this machine to a map, without queue or worker."""

import io

import pytest
from django.core.management import CommandError, call_command

from aijobs.models import Job
from aijobs.services import begin_here
from aijobs.tests.factories import make_person
from catalog.models import Recording
from decoding.tests.sounds import make_song, write_audio
from maps.chart.document import read_bsm
from maps.models import DrumMap, MapVersion

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def song(tmp_path_factory):
    return write_audio(
        tmp_path_factory.mktemp("songs") / "Night Bus - Low Tide.mp3", make_song(3, 12), "-b:a", "128k"
    )


def generate(*arguments) -> str:
    out = io.StringIO()
    call_command("generate_map", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_file_becomes_a_map_in_the_database_and_beside_it(song, tmp_path):
    said = generate(song, "--out", tmp_path / "map.bsm")
    job = Job.objects.get()
    assert (job.state, job.tries) == ("complete", 1)
    assert MapVersion.objects.get().job_id == job.pk
    assert len(read_bsm((tmp_path / "map.bsm").read_bytes()).notes) == 2
    assert "Separating the drums" in said and "2 notes" in said


def test_the_map_belongs_to_whoever_is_named(song):
    person = make_person("ringo")
    generate(song, "--owner", "ringo")
    assert Job.objects.get().requested_by == person


def test_the_same_file_again_is_the_same_recording(song):
    generate(song)
    generate(song)
    assert (Recording.objects.count(), DrumMap.objects.count()) == (1, 2)


def test_a_song_with_a_verified_map_is_left_alone(song):
    generate(song)
    DrumMap.objects.update(status="verified")
    with pytest.raises(CommandError, match="already has a verified map"):
        generate(song)


def test_a_song_that_a_worker_is_at_is_left_alone(song):
    generate(song)
    begin_here(Recording.objects.get(), None)
    with pytest.raises(CommandError, match="already at work"):
        generate(song)


def test_a_text_file_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "song.mp3").write_text("la la la" * 100)
    with pytest.raises(CommandError, match="Send the song as"):
        generate(tmp_path / "song.mp3")
    assert not Job.objects.exists()


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match="There is no file"):
        generate(tmp_path / "song.mp3")


def test_somebody_who_is_not_there_owns_nothing(song):
    with pytest.raises(CommandError, match="nobody called"):
        generate(song, "--owner", "nobody")
