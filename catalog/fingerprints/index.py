"""Which of our recordings sound like this fingerprint? The seam for a larger index.

`RecordingIndex` is all that the rest of the catalogue knows. The one implementation so far keeps every
fingerprint in the process: a sorted table of the codes' upper bits says which recordings share codes with the
query at which shift, and the few with most votes are then compared bit by bit. New recordings come as small
tables of their own, which are merged when they grow many, so that adding one doesn't sort everything again.
"""

import threading
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

import numpy as np

from catalog.fingerprints.alignment import MAX_SHIFT_S, Match, best_match
from catalog.fingerprints.chromaprint import CODE_S
from catalog.fingerprints.packing import codes_from_bytes

# Encoding changes a code's low bits first. AcoustID's index keys by the same 28 of 32 bits.
KEY_SHIFT = np.uint32(4)
COMPARED_RECORDINGS = 20
# The shift with most votes may be one off where codes straddle; neighbours are compared too.
NEIGHBOURING_SHIFTS = np.arange(-2, 3)
MOST_TABLES = 8
# A row may become visible this much after the time it carries: its transaction was open, or clocks differ.
LATE_ROWS = timedelta(minutes=2)
MOST_SHIFT = round(MAX_SHIFT_S / CODE_S)
SHIFTS = 2 * MOST_SHIFT + 1


class StoredFingerprint(NamedTuple):
    """A row as the database has it; `codes` as `codes_to_bytes` gives them."""

    recording_id: Hashable
    codes: bytes


class Candidate(NamedTuple):
    recording_id: Hashable
    match: Match


class RecordingIndex(Protocol):
    def add(self, recording_id: Hashable, codes: np.ndarray) -> None:
        """Take a recording in; one that is already there stays as it is."""

    def remove(self, recording_id: Hashable) -> None:
        """Forget a recording, known or not."""

    def refresh(self, rows_since: Callable[[datetime | None], Iterable[StoredFingerprint]]) -> None:
        """Take in what was stored since the last call; `rows_since` gives the rows of that time, of None all."""

    def candidates(self, codes: np.ndarray, limit: int = 5) -> list[Candidate]:
        """The recordings that sound most alike, best first; ask each `match.is_same_recording`."""


@dataclass(frozen=True)
class _Table:
    """Codes of some recordings, sorted by key; `recording` is a number within the index, `position` in codes."""

    key: np.ndarray
    recording: np.ndarray
    position: np.ndarray

    @classmethod
    def of(cls, key: np.ndarray, recording: np.ndarray, position: np.ndarray) -> "_Table":
        order = np.argsort(key, kind="stable")
        return cls(key[order], recording[order], position[order])

    def votes(self, key: np.ndarray, position: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(recording, shift) of every stored code that equals one of the query's, if the shift is near."""
        first = np.searchsorted(self.key, key, side="left")
        found = np.searchsorted(self.key, key, side="right") - first
        queried = np.repeat(position, found)
        stored = np.arange(len(queried)) + np.repeat(first - np.cumsum(found) + found, found)
        shift = self.position[stored] - queried
        is_near = np.abs(shift) <= MOST_SHIFT
        return self.recording[stored[is_near]], shift[is_near]


class InMemoryIndex:
    """`RecordingIndex` for some ten thousand recordings: 12 KB each, 5 ms a question at 1,000. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids: list[Hashable | None] = []
        self._codes: list[np.ndarray] = []
        self._numbers: dict[Hashable, int] = {}
        self._tables: list[_Table] = []
        self._asked_until: datetime | None = None

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, recording_id: Hashable, codes: np.ndarray) -> None:
        with self._lock:
            self._add([(recording_id, codes)])

    def remove(self, recording_id: Hashable) -> None:
        with self._lock:
            number = self._numbers.pop(recording_id, None)
            if number is not None:
                self._ids[number] = None

    def refresh(self, rows_since: Callable[[datetime | None], Iterable[StoredFingerprint]]) -> None:
        with self._lock:
            now = datetime.now(UTC)
            rows = list(rows_since(self._asked_until and self._asked_until - LATE_ROWS))
            self._add((row.recording_id, codes_from_bytes(row.codes)) for row in rows)
            self._asked_until = now

    def candidates(self, codes: np.ndarray, limit: int = 5) -> list[Candidate]:
        with self._lock:
            tables, ids, stored = list(self._tables), list(self._ids), list(self._codes)
        codes = np.asarray(codes, np.uint32)
        found = [
            Candidate(ids[number], best_match(codes, stored[number], shift + NEIGHBOURING_SHIFTS))
            for number, shift in _most_voted(tables, codes, len(ids))
            if ids[number] is not None
        ]
        heard = [candidate for candidate in found if candidate.match.score > 0]
        return sorted(heard, key=lambda candidate: candidate.match, reverse=True)[:limit]

    def _add(self, recordings: Iterable[tuple[Hashable, np.ndarray]]) -> None:
        first_new = len(self._ids)
        for recording_id, codes in recordings:
            if recording_id not in self._numbers:
                self._numbers[recording_id] = len(self._ids)
                self._ids.append(recording_id)
                self._codes.append(np.asarray(codes, np.uint32))
        new = self._codes[first_new:]
        if new:
            keys, positions = zip(*map(_changes, new), strict=True)
            numbers = np.arange(first_new, len(self._ids), dtype=np.int32)
            numbers = np.repeat(numbers, [len(position) for position in positions])
            self._tables.append(_Table.of(np.concatenate(keys), numbers, np.concatenate(positions)))
        if len(self._tables) > MOST_TABLES:
            parts = zip(
                *((table.key, table.recording, table.position) for table in self._tables), strict=True
            )
            self._tables = [_Table.of(*map(np.concatenate, parts))]


def _changes(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(keys, positions) where the key changes: a held sound repeats it and would vote for wrong shifts."""
    keys = codes >> KEY_SHIFT
    position = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
    return keys[position], position.astype(np.int32)


def _most_voted(tables: list[_Table], codes: np.ndarray, recordings: int) -> list[tuple[int, int]]:
    """(recording number, its most voted shift) of the recordings that share most codes at one shift."""
    if not tables:
        return []
    votes = [table.votes(*_changes(codes)) for table in tables]
    recording = np.concatenate([vote[0] for vote in votes]).astype(np.int64)
    shift = np.concatenate([vote[1] for vote in votes])
    counts = np.bincount(recording * SHIFTS + shift + MOST_SHIFT, minlength=recordings * SHIFTS)
    counts = counts.reshape(recordings, SHIFTS)
    most = counts.max(axis=1)
    ranked = np.argsort(most, kind="stable")[::-1][:COMPARED_RECORDINGS]
    return [(int(n), int(counts[n].argmax()) - MOST_SHIFT) for n in ranked if most[n] > 0]
