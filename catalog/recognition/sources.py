"""Candidates for a sound that we don't have yet: AcoustID, then the file's tags, then its name."""

import logging
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from catalog.fingerprints import Fingerprint
from catalog.genres import genre_of_tag
from catalog.naming import words_of_filename

from . import acoustid
from .candidates import FILENAME_SCORE, TAGS_SCORE, Candidate, best_first
from .tags import read_tags


def candidates_for(heard: Fingerprint, path: Path, filename: str) -> tuple[list[Candidate], str]:
    """(candidates, best first; the genre that the tags mean, or empty)."""
    tags = read_tags(path)
    found = [*candidates_by_sound(heard), *_named("tags", tags.title, tags.artist, TAGS_SCORE)]
    found += _named("filename", *words_of_filename(filename), FILENAME_SCORE)
    return best_first(found), genre_of_tag(tags.genre)


def candidates_by_sound(heard: Fingerprint) -> list[Candidate]:
    """What AcoustID says of a fingerprint, asked once and then remembered; nothing without a key or an answer."""
    if not settings.ACOUSTID_API_KEY:
        return []
    remembered = remembered_candidates(heard)
    if remembered is not None:
        return remembered
    try:
        found = best_first(acoustid.look_up(heard))
    except acoustid.AcoustIDUnavailable as error:
        logging.getLogger(__name__).warning("AcoustID can't be asked, going on with the tags: %s", error)
        return []
    cache.set(_cache_key(heard), [asdict(candidate) for candidate in found], settings.CANDIDATES_CACHE_S)
    return found


def remembered_candidates(heard: Fingerprint) -> list[Candidate] | None:
    """What AcoustID once said of this very fingerprint; None if it wasn't asked lately."""
    remembered = cache.get(_cache_key(heard))
    return None if remembered is None else [Candidate(**entry) for entry in remembered]


def _named(source: str, title: str, artist: str, score: float) -> list[Candidate]:
    return [Candidate(title, artist, score, source)] if title else []


def _cache_key(heard: Fingerprint) -> str:
    return f"candidates:{heard.hash}"
