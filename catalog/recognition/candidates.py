"""What a file may be: title and artist with a score, from one of several sources."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

MOST_CANDIDATES = 5

# How far a file may be trusted to name itself; AcoustID's best score is 1.
TAGS_SCORE = 0.6
FILENAME_SCORE = 0.3


@dataclass(frozen=True)
class Candidate:
    """`score`: 0 to 1. `source`: catalogue, acoustid, tags or filename. `recording_mbid`: of MusicBrainz, if known."""

    title: str
    artist: str
    score: float
    source: str
    recording_mbid: str | None = None

    def as_data(self) -> dict:
        return asdict(self)


def best_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates ranked, each title and artist once, under its best score."""
    by_name: dict[tuple[str, str], Candidate] = {}
    for candidate in sorted(candidates, key=lambda candidate: -candidate.score):
        by_name.setdefault((candidate.title.casefold(), candidate.artist.casefold()), candidate)
    return list(by_name.values())[:MOST_CANDIDATES]
