"""Reading the catalogue: songs for lists, uploads for their senders, and who may hear or mend what."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from catalog.fingerprints import InvalidFingerprint, from_compressed
from foundation.errors import Invalid, NotFound

from .models import Recording, Song, Upload
from .naming import tidy
from .recognition.candidates import Candidate
from .recognition.catalogue import KnownSound, known_sound
from .recognition.sources import remembered_candidates
from .states import SongStatus, UploadState


def may_hear(person: Any, recording: Recording) -> bool:
    """Whether `person` may hear this recording: it is free, or they brought this very recording themselves."""
    if recording.is_freely_licensed:
        return True
    if not person.is_authenticated:
        return False
    return Upload.objects.filter(owner=person, recording=recording, state=UploadState.IDENTIFIED).exists()


def may_mend(person: Any, song: Song) -> bool:
    """Whether `person` may say what a song is: they added it and its map isn't verified, or they care for all songs."""
    if not person.is_authenticated:
        return False
    is_theirs = song.added_by_id == person.pk and song.status in (SongStatus.PENDING, SongStatus.UNVERIFIED)
    return is_theirs or person.has_perm("catalog.change_song")


def songs_found(search: str) -> QuerySet[Song]:
    """Songs that somebody has named, whose title or artist hold every word of `search`; the newest first."""
    return _holding(search, Song.objects.filter(is_confirmed=True).exclude(status=SongStatus.ARCHIVED))


def songs_for(person: Any, search: str = "", status: str = "", genre: str = "") -> QuerySet[Song]:
    """As `songs_found`, with the songs that `person` added and hasn't named yet; archived ones only by `status`."""
    seen = Q(is_confirmed=True)
    if person.is_authenticated:
        seen |= Q(added_by=person)
    songs = Song.objects.filter(seen)
    songs = songs.filter(status=status) if status else songs.exclude(status=SongStatus.ARCHIVED)
    return _holding(search, songs.filter(genre=genre) if genre else songs)


def _holding(search: str, songs: QuerySet[Song]) -> QuerySet[Song]:
    for word in tidy(search).split():
        songs = songs.filter(Q(title__icontains=word) | Q(artist__icontains=word))
    return songs.order_by("-created_at")


def song_by_id(song_id: UUID) -> Song:
    """Raises `NotFound`."""
    song = Song.objects.filter(pk=song_id).first()
    if song is None:
        raise NotFound("not_found", "There is no such song.")
    return song


def recognised(fingerprint: str, duration_ms: int) -> tuple[KnownSound | None, list[Candidate]]:
    """(our own recording of a fingerprint in Chromaprint's text form, candidates for its song), without asking anybody
    outside: whoever waits for this wants to know whether to send the file at all. Raises `Invalid`."""
    try:
        heard = from_compressed(fingerprint, duration_ms)
    except InvalidFingerprint as error:
        raise Invalid("fingerprint_invalid", str(error)) from error
    known = known_sound(heard)
    return known, [known.as_candidate()] if known else remembered_candidates(heard) or []


def upload_of(person: Any, upload_id: UUID | str) -> Upload | None:
    """The upload with what its data needs, if it is this person's."""
    if not person.is_authenticated:
        return None
    return Upload.objects.select_related("recording").filter(pk=upload_id, owner=person).first()


def upload_data(upload: Upload) -> dict[str, Any]:
    """An upload as the API, the live socket and the page show it; no query where its recording is loaded."""
    recording = upload.recording
    return {
        "id": str(upload.pk),
        "state": str(upload.state),
        "reason": {"code": upload.reason_code, "detail": upload.reason_detail}
        if upload.reason_code
        else None,
        "recording": str(recording.pk) if recording else None,
        "song": str(recording.song_id) if recording else None,
        "candidates": upload.candidates,
        "filename": upload.filename,
        "size": upload.size,
    }


def song_data(song: Song) -> dict[str, Any]:
    """A song with its recordings, as the API shows it."""
    return {
        "id": song.pk,
        "title": song.title,
        "artist": song.artist,
        "genre": song.genre,
        "bpm": song.bpm,
        "status": song.status,
        "is_confirmed": song.is_confirmed,
        "created_at": song.created_at,
        "updated_at": song.updated_at,
        "recordings": list(song.recordings.values("id", "duration_ms", "is_freely_licensed")),
    }
