"""Reading the catalogue: songs for lists, uploads for their senders, and who may hear what."""

from typing import Any

from django.db.models import Q, QuerySet

from .models import Recording, Song, Upload
from .states import SongStatus, UploadState


def may_hear(person: Any, recording: Recording) -> bool:
    """Whether `person` may hear this recording: it is free, or they brought this very recording themselves."""
    if recording.is_freely_licensed:
        return True
    if not person.is_authenticated:
        return False
    return Upload.objects.filter(owner=person, recording=recording, state=UploadState.IDENTIFIED).exists()


def songs_found(search: str) -> QuerySet[Song]:
    """Songs that somebody has named, whose title or artist hold every word of `search`; the newest first."""
    found = Song.objects.filter(is_confirmed=True).exclude(status=SongStatus.ARCHIVED)
    for word in search.split():
        found = found.filter(Q(title__icontains=word) | Q(artist__icontains=word))
    return found.order_by("-created_at")
