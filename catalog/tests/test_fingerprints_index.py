from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from threading import Thread

import numpy as np

from catalog.fingerprints.index import MOST_TABLES, InMemoryIndex, StoredFingerprint
from catalog.fingerprints.packing import codes_to_bytes


def codes_of(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2**32, 400).astype(np.uint32)


def row(seed: int) -> StoredFingerprint:
    return StoredFingerprint(seed, codes_to_bytes(codes_of(seed)))


def best(index: InMemoryIndex, seed: int) -> object:
    return index.candidates(codes_of(seed))[0].recording_id


def test_an_empty_index_knows_nothing() -> None:
    assert InMemoryIndex().candidates(codes_of(1)) == []


def test_an_empty_fingerprint_matches_nothing() -> None:
    index = InMemoryIndex()
    index.add(1, codes_of(1))
    index.add(2, np.zeros(0, np.uint32))

    assert index.candidates(np.zeros(0, np.uint32)) == []


def test_a_refresh_asks_only_for_what_is_new_and_what_came_late() -> None:
    index, asked, started = InMemoryIndex(), [], datetime.now(UTC)

    def rows_since(since: datetime | None) -> Iterable[StoredFingerprint]:
        asked.append(since)
        return [row(len(asked)), row(1)]

    index.refresh(rows_since)
    index.refresh(rows_since)

    assert asked[0] is None
    assert started - timedelta(hours=1) < asked[1] < started
    assert len(index) == 2


def test_every_recording_is_found_after_many_small_additions() -> None:
    index = InMemoryIndex()
    seeds = range(3 * MOST_TABLES)
    for seed in seeds:
        index.add(seed, codes_of(seed))

    assert [best(index, seed) for seed in seeds] == list(seeds)


def test_a_removed_recording_is_not_found() -> None:
    index = InMemoryIndex()
    index.add(1, codes_of(1))

    index.remove(1)

    assert index.candidates(codes_of(1)) == []


def test_a_removed_recording_can_be_added_again() -> None:
    index = InMemoryIndex()
    index.add(1, codes_of(1))
    index.remove(1)

    index.add(1, codes_of(1))

    assert best(index, 1) == 1


def test_a_held_sound_does_not_hide_the_shift() -> None:
    index = InMemoryIndex()
    held = np.repeat(codes_of(1), 4)
    index.add(1, held)

    match = index.candidates(held[40:])[0].match

    assert match.score == 1


def test_questions_and_additions_at_once_disturb_nothing() -> None:
    index = InMemoryIndex()
    index.add(0, codes_of(0))
    answers: list[object] = []
    adding = [Thread(target=index.add, args=(seed, codes_of(seed))) for seed in range(1, 30)]
    asking = [Thread(target=lambda: answers.append(best(index, 0))) for _ in range(30)]
    threads = [thread for pair in zip(adding, asking, strict=False) for thread in pair]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(answers) == {0}
    assert len(index) == 30
