"""Takes one key out of every row of a long list at once.

10,000 notes with ten keys each are checked in a few milliseconds when a whole column is tested by its types,
its smallest and its largest value; only when that fails is the row that breaks it looked for.
"""

from itertools import chain
from typing import Any

from maps.chart.fields import BrokenDocument, has, number, text, texts, whole

Rows = list[dict[str, Any]]


def wholes(rows: Rows, key: str, at: str, low: int, high: int, *, is_optional: bool = False) -> list[Any]:
    """Whole numbers, None where an optional one is absent."""
    values, there = _taken(rows, key, is_optional)
    if there and not (set(map(type, there)) == {int} and low <= min(there) and max(there) <= high):
        for index, row in _holding(rows, key, is_optional):
            whole(row, key, f"{at}/{index}", low, high)
    return values


def numbers(
    rows: Rows, key: str, at: str, low: float, high: float, *, is_optional: bool = False
) -> list[Any]:
    values, there = _taken(rows, key, is_optional)
    if there and not (set(map(type, there)) <= {int, float} and low <= min(there) and max(there) <= high):
        for index, row in _holding(rows, key, is_optional):
            number(row, key, f"{at}/{index}", low, high)
    return values


def names(rows: Rows, key: str, at: str, longest: int, *, is_optional: bool = False) -> list[Any]:
    """Texts of at least one character."""
    values, there = _taken(rows, key, is_optional)
    if there and not (set(map(type, there)) == {str} and all(there) and max(map(len, there)) <= longest):
        for index, row in _holding(rows, key, is_optional):
            text(row, key, f"{at}/{index}", longest, 1)
    return values


def unique_names(rows: Rows, key: str, at: str, longest: int) -> list[Any]:
    """Texts that no other row has; None where a row has none."""
    values = names(rows, key, at, longest, is_optional=True)
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value is not None and value in seen:
            raise BrokenDocument(f"Another one has the {key} “{value}” already.", f"{at}/{index}/{key}")
        seen.add(value)
    return values


def text_lists(rows: Rows, key: str, at: str, most: int, longest: int) -> list[list[str] | None]:
    """Optional lists of texts."""
    values, there = _taken(rows, key, is_optional=True)
    lists_fit = set(map(type, there)) <= {list} and max(map(len, there), default=0) <= most
    held = list(chain.from_iterable(there)) if lists_fit else []
    if not (lists_fit and set(map(type, held)) <= {str} and max(map(len, held), default=0) <= longest):
        for index, row in _holding(rows, key, is_optional=True):
            texts(row, key, f"{at}/{index}", most, longest)
    return values


def _taken(rows: Rows, key: str, is_optional: bool) -> tuple[list[Any], list[Any]]:
    values = [row.get(key) for row in rows]
    return values, [value for value in values if value is not None] if is_optional else values


def _holding(rows: Rows, key: str, is_optional: bool) -> list[tuple[int, dict[str, Any]]]:
    return [(index, row) for index, row in enumerate(rows) if not is_optional or has(row, key)]
