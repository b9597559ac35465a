"""A song of our own with its true map, so that a fresh site has something to play.

The files are made by `training/demo_song.py`; LICENCE.md beside them tells whose sounds are in them.
"""

import mimetypes
import uuid
from pathlib import Path

from django.db import transaction

from catalog.fingerprints.chromaprint import fingerprint
from catalog.fingerprints.packing import codes_to_bytes
from catalog.models import Recording, Song, Stem
from foundation.storage import storage
from maps.chart.document import read_bsm
from maps.models import DrumMap
from maps.selectors import verified_map_of
from maps.services import publish_verified_map
from maps.states import Difficulty

FILES = Path(__file__).parent
NAME = "paper-lanterns"


def seed_demo_song() -> DrumMap:
    """The demo song with its verified map; the one that is there already when it was seeded before."""
    bsm = (FILES / f"{NAME}.bsm").read_bytes()
    sound = _file("")
    heard = fingerprint(sound)
    if before := Recording.objects.filter(fingerprint_hash=heard.hash).select_related("song").first():
        if found := verified_map_of(before.song, Difficulty.EXPERT):
            return found
        return _publish(before, bsm)
    metadata = read_bsm(bsm).metadata
    with transaction.atomic():
        song = Song.objects.create(
            title=metadata["title"], artist=metadata["artist"], genre="rock", is_confirmed=True
        )
        recording = Recording.objects.create(
            song=song,
            fingerprint=codes_to_bytes(heard.codes),
            fingerprint_hash=heard.hash,
            duration_ms=heard.duration_ms,
            is_freely_licensed=True,
        )
        return _publish(recording, bsm)


@transaction.atomic
def _publish(recording: Recording, bsm: bytes) -> DrumMap:
    """Store the files, then the rows that name them: a process killed between leaves files that the next run reuses."""
    folder = f"{recording.song_id}/{recording.pk}"
    map_key = f"maps/verified/{folder}.bsm"
    storage().put_bytes(map_key, bsm, "application/json")
    recording.audio_key, recording.audio_type = _store(_file(""), f"audio/{recording.pk}")
    peaks = FILES / f"{NAME}-peaks.json"
    if peaks.exists():
        recording.peaks_key, _ = _store(peaks, f"stems/verified/{folder}/peaks.json")
    recording.is_freely_licensed = True
    recording.save()
    for kind in Stem.Kind.values:
        stem = _file(f"-{kind}")
        key, _ = _store(stem, f"stems/verified/{folder}/{kind}{stem.suffix}")
        # no job made these; the recording's own id keeps them one of a kind
        Stem.objects.get_or_create(
            job_id=uuid.uuid5(recording.pk, "demo"),
            kind=kind,
            defaults={"recording": recording, "storage_key": key},
        )
    return publish_verified_map(recording, bsm, map_key).drum_map


def _store(path: Path, key: str) -> tuple[str, str]:
    content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    storage().put_file(key, path, content_type)
    return key, content_type


def _file(part: str) -> Path:
    """The demo song's sound or stem, whatever it is encoded as."""
    found = [
        path
        for path in FILES.glob(f"{NAME}{part}.*")
        if path.suffix in {".mp3", ".ogg", ".opus", ".m4a", ".flac"}
    ]
    return found[0]
