"""Is this sound one of our own recordings? Each process keeps an index of them and feeds it with what is new."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from catalog.fingerprints import Candidate as Alike
from catalog.fingerprints import Fingerprint, InMemoryIndex, RecordingIndex, StoredFingerprint
from catalog.models import Recording

from .candidates import Candidate

# Silence cut off or added at the ends leaves it the same recording. From here on it is another cut of the song, and
# a map of one would end too early for the other.
SAME_LENGTH_MS = 20_000

_index: RecordingIndex = InMemoryIndex()


@dataclass(frozen=True)
class KnownSound:
    """A recording of ours that sounds like what was heard; `is_same_recording` is False for another cut of its song."""

    recording: Recording
    score: float
    is_same_recording: bool

    def as_candidate(self) -> Candidate:
        song = self.recording.song
        return Candidate(song.title, song.artist, round(self.score, 3), "catalogue")


def known_sound(heard: Fingerprint) -> KnownSound | None:
    """Our recording of this sound, else a cut of other length, else None."""
    ours = Recording.objects.select_related("song")
    if equal := ours.filter(fingerprint_hash=heard.hash).first():
        return KnownSound(equal, 1.0, True)
    alike = {each.recording_id: each.match.score for each in _alike(heard)}
    found = [
        KnownSound(each, alike[each.pk], abs(each.duration_ms - heard.duration_ms) <= SAME_LENGTH_MS)
        for each in ours.filter(pk__in=list(alike))
    ]
    return max(found, key=lambda sound: (sound.is_same_recording, sound.score), default=None)


def _alike(heard: Fingerprint) -> list[Alike]:
    """What the index holds for the same sound."""
    global _index
    _index.refresh(_stored_since)
    alike = [each for each in _index.candidates(heard.codes) if each.match.is_same_recording]
    if Recording.objects.filter(pk__in=[each.recording_id for each in alike]).count() == len(alike):
        return alike
    # Recordings were deleted, which is rare: begin anew, lest they crowd out those that are there.
    _index = InMemoryIndex()
    return _alike(heard)


def _stored_since(moment: datetime | None) -> Iterator[StoredFingerprint]:
    stored = Recording.objects.filter(created_at__gte=moment) if moment else Recording.objects.all()
    for recording_id, codes in stored.values_list("pk", "fingerprint").iterator(500):
        yield StoredFingerprint(recording_id, bytes(codes))
