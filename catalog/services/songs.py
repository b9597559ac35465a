"""What a song is called: a person's word over a machine's guess."""

from typing import Any

from django.db import transaction

from foundation.bus import publish
from foundation.errors import Forbidden, Invalid, NotFound

from ..events import SongConfirmed
from ..genres import Genre
from ..models import Song, Upload
from ..naming import LONGEST_TITLE, tidy
from ..selectors import may_mend


@transaction.atomic
def confirm_song(
    song: Song, by: Any, *, title: str | None = None, artist: str | None = None, genre: str | None = None
) -> Song:
    """Confirm what a song is, or mend it; what is None stays as it is.

    Raises `Forbidden`, or `Invalid` with its errors by field.
    """
    row = Song.objects.select_for_update().filter(pk=song.pk).first()
    if row is None:
        raise NotFound("not_found", "There is no such song.")
    if not may_mend(by, row):
        raise Forbidden(
            "not_your_song", "Only whoever added a song may rename it, until its map is verified."
        )
    _check(title=title, artist=artist, genre=genre)
    row.title = row.title if title is None else tidy(title) or Song.PLACEHOLDER_TITLE
    row.artist = row.artist if artist is None else tidy(artist)
    row.genre = row.genre if genre is None else genre
    row.is_confirmed = True
    row.save(update_fields=["title", "artist", "genre", "is_confirmed", "updated_at"])
    publish(SongConfirmed(song_id=row.pk, person_id=by.pk))
    return row


def hand_over(guest_id: Any, user_id: Any) -> None:
    """What a guest brought belongs to the person that they turned out to be."""
    Upload.objects.filter(owner_id=guest_id).update(owner_id=user_id)
    Song.objects.filter(added_by_id=guest_id).update(added_by_id=user_id)


def _check(title: str | None, artist: str | None, genre: str | None) -> None:
    errors = {
        name: [f"At most {LONGEST_TITLE} characters; this has {len(value):,}."]
        for name, value in {"title": title, "artist": artist}.items()
        if value is not None and len(value.strip()) > LONGEST_TITLE
    }
    if genre and genre not in Genre.values:
        errors["genre"] = [f"One of {', '.join(Genre.values)}, or empty."]
    if errors:
        raise Invalid("song_invalid", "The song can't be called that.", errors=errors)
