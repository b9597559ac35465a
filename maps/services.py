"""Writing maps. A version, once published, never changes."""

import hashlib
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from catalog.models import Recording, Song
from catalog.states import SongStatus
from foundation.bus import publish

from .chart.difficulty import computed_difficulty
from .chart.document import read_bsm
from .chart.summary import summarise
from .events import MapVersionPublished
from .models import DrumMap, MapVersion
from .states import Difficulty, MapStatus, Source


@transaction.atomic
def publish_first_map(
    *,
    job_id: UUID,
    recording: Recording,
    bsm: bytes,
    storage_key: str,
    model_version: str,
    confidence: float,
    note: str = "",
    difficulty_label: str = Difficulty.EXPERT,
    by: User | None = None,
) -> MapVersion:
    """The AI's map of `recording`, from the `.bsm` file stored at `storage_key`. The same job again gives the same map.

    Raises `BrokenDocument` when `bsm` can't be read.
    """
    song = Song.objects.select_for_update().get(pk=recording.song_id)
    if before := MapVersion.objects.filter(job_id=job_id).first():
        return before
    drum_map = DrumMap.objects.create(
        song=song,
        recording=recording,
        difficulty_label=difficulty_label,
        is_canonical=not song.drum_maps.filter(is_canonical=True).exists(),
        created_by=by,
    )
    return _publish_version(
        drum_map,
        bsm,
        storage_key=storage_key,
        source=Source.AI,
        job_id=job_id,
        model_version=model_version,
        confidence=confidence,
        note=note,
        created_by=by,
    )


@transaction.atomic
def publish_verified_map(
    recording: Recording, bsm: bytes, storage_key: str, by: User | None = None
) -> MapVersion:
    """A map known to be right, such as that of a song whose notes we wrote ourselves."""
    song = Song.objects.select_for_update().get(pk=recording.song_id)
    song.drum_maps.filter(is_canonical=True).update(is_canonical=False)
    drum_map = DrumMap.objects.create(
        song=song, recording=recording, status=MapStatus.VERIFIED, is_canonical=True, created_by=by
    )
    return _publish_version(drum_map, bsm, storage_key=storage_key, source=Source.MANUAL, created_by=by)


def _publish_version(drum_map: DrumMap, bsm: bytes, **facts: Any) -> MapVersion:
    chart = read_bsm(bsm)
    summary = summarise(chart)
    newest = drum_map.versions.aggregate(newest=Max("number"))["newest"] or 0
    version = MapVersion.objects.create(
        drum_map=drum_map,
        number=newest + 1,
        sha256=hashlib.sha256(bsm).hexdigest(),
        note_count=summary.note_count,
        bpm=round(chart.tempo.marks[0].bpm, 3),
        duration_ms=summary.duration_ms,
        difficulty=computed_difficulty(chart),
        **facts,
    )
    song = drum_map.song
    if drum_map.is_canonical:
        song.bpm = version.bpm
    if song.status != SongStatus.VERIFIED:
        song.status = SongStatus.VERIFIED if drum_map.status == MapStatus.VERIFIED else SongStatus.UNVERIFIED
    song.save(update_fields=["bpm", "status", "updated_at"])
    publish(
        MapVersionPublished(
            map_id=drum_map.pk, version_id=version.pk, number=version.number, source=str(version.source)
        )
    )
    return version
