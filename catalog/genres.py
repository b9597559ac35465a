"""The genres that a person may choose from, and which of them a file's own tag means."""

from django.db import models


class Genre(models.TextChoices):
    ROCK = "rock", "Rock"
    METAL = "metal", "Metal"
    PUNK = "punk", "Punk"
    POP = "pop", "Pop"
    INDIE = "indie", "Indie"
    FUNK = "funk", "Funk"
    SOUL = "soul", "Soul and R&B"
    JAZZ = "jazz", "Jazz"
    BLUES = "blues", "Blues"
    HIP_HOP = "hip_hop", "Hip-hop"
    REGGAE = "reggae", "Reggae"
    LATIN = "latin", "Latin"
    COUNTRY = "country", "Country"
    ELECTRONIC = "electronic", "Electronic"
    WORSHIP = "worship", "Worship"
    OTHER = "other", "Other"


#: Words in a tag, the more special first, and the genre that they mean.
_WORDS = {
    "metal": Genre.METAL, "core": Genre.METAL, "punk": Genre.PUNK, "indie": Genre.INDIE,
    "alternative": Genre.INDIE, "funk": Genre.FUNK, "soul": Genre.SOUL, "r&b": Genre.SOUL, "rnb": Genre.SOUL,
    "jazz": Genre.JAZZ, "swing": Genre.JAZZ, "blues": Genre.BLUES, "hip": Genre.HIP_HOP, "rap": Genre.HIP_HOP,
    "reggae": Genre.REGGAE, "ska": Genre.REGGAE, "latin": Genre.LATIN, "salsa": Genre.LATIN, "samba": Genre.LATIN,
    "country": Genre.COUNTRY, "electro": Genre.ELECTRONIC, "house": Genre.ELECTRONIC, "techno": Genre.ELECTRONIC,
    "dance": Genre.ELECTRONIC, "worship": Genre.WORSHIP, "gospel": Genre.WORSHIP, "rock": Genre.ROCK,
    "pop": Genre.POP,
}  # fmt: skip


def genre_of_tag(tag: str) -> str:
    """The genre that a file's tag means; empty when none is recognised."""
    lowered = tag.lower()
    return next((str(genre) for word, genre in _WORDS.items() if word in lowered), "")
