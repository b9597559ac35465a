"""Reading maps, with the queries shaped for whoever shows them."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from catalog.models import Song
from foundation.errors import NotFound
from foundation.storage import storage

from .chart.document import Chart, read_bsm
from .models import DrumMap, MapVersion
from .states import MapStatus


def maps_with_newest() -> QuerySet[DrumMap]:
    """Maps with their song, and of their newest version the facts that a list shows."""
    newest = MapVersion.objects.filter(drum_map=OuterRef("pk")).order_by("-number")
    facts = (
        "number",
        "note_count",
        "bpm",
        "duration_ms",
        "confidence",
        "difficulty",
        "model_version",
        "source",
    )
    return (
        DrumMap.objects.exclude(status=MapStatus.ARCHIVED)
        .select_related("song", "recording")
        .annotate(**{fact: Subquery(newest.values(fact)[:1]) for fact in facts})
        .filter(Exists(newest))
    )


def maps_of(song: Song) -> QuerySet[DrumMap]:
    """A song's maps: the canonical one first, then verified ones, then the newest."""
    return maps_with_newest().filter(song=song).order_by("-is_canonical", "-status", "-created_at")


def latest_maps(amount: int) -> QuerySet[DrumMap]:
    """The newest maps of songs that somebody has named, verified ones first."""
    return maps_with_newest().filter(song__is_confirmed=True).order_by("-status", "-created_at")[:amount]


def verified_map_of(song: Song, difficulty_label: str) -> DrumMap | None:
    return DrumMap.objects.filter(
        song=song, difficulty_label=difficulty_label, status=MapStatus.VERIFIED
    ).first()


def map_by_id(map_id: UUID) -> DrumMap:
    """Raises `NotFound`."""
    found = maps_with_newest().filter(pk=map_id).first()
    if found is None:
        raise NotFound("not_found", "There is no such map.")
    return found


def version_of(drum_map: DrumMap, number: int | None = None) -> MapVersion:
    """Version `number`, else the newest. Raises `NotFound`."""
    versions = drum_map.versions.select_related("drum_map__song", "drum_map__recording").order_by("-number")
    found = versions.first() if number is None else versions.filter(number=number).first()
    if found is None:
        raise NotFound("not_found", "There is no such version of this map.")
    return found


def bsm_of(version: MapVersion) -> bytes:
    """The file of a version, as it was published."""
    with storage().open(version.storage_key) as stream:
        return stream.read()


def chart_of(version: MapVersion) -> Chart:
    return read_bsm(bsm_of(version))
