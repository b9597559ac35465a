"""Takes one value out of a parsed JSON object, or says exactly where and why it can't be taken.

Each reader takes the object, the key and the object's own place in the file (a JSON Pointer such as
`/hitObjects/3`), so that whoever wrote the file finds the spot. `type(x) is int` and not `isinstance`: in
Python `True` is an int, in a map it is a mistake. An optional key may be null, as some writers leave it.
"""

from collections.abc import Mapping
from typing import Any


class BrokenDocument(ValueError):
    """The file is no chart: `detail` says what is wrong, `path` (JSON Pointer, "" for the whole) where."""

    def __init__(self, detail: str, path: str = ""):
        super().__init__(f"{path}: {detail}" if path else detail)
        self.detail = detail
        self.path = path


def refuse(raw: Mapping[str, Any], key: str, at: str, wanted: str) -> BrokenDocument:
    if key not in raw:
        return BrokenDocument(f"“{key}” is missing; it must be {wanted}.", f"{at}/{key}")
    return BrokenDocument(f"“{key}” must be {wanted}.", f"{at}/{key}")


def whole(raw: Mapping[str, Any], key: str, at: str, low: int, high: int) -> int:
    value: Any = raw.get(key)
    if type(value) is int and low <= value <= high:
        return value
    raise refuse(raw, key, at, f"a whole number from {low} to {high}")


def number(raw: Mapping[str, Any], key: str, at: str, low: float, high: float) -> float:
    value: Any = raw.get(key)
    if type(value) in (int, float) and low <= value <= high:
        return value
    raise refuse(raw, key, at, f"a number from {low} to {high}")


def text(raw: Mapping[str, Any], key: str, at: str, longest: int, shortest: int = 0) -> str:
    value: Any = raw.get(key)
    if type(value) is str and shortest <= len(value) <= longest:
        return value
    raise refuse(raw, key, at, f"a text of {shortest} to {longest} characters")


def texts(raw: Mapping[str, Any], key: str, at: str, most: int, longest: int) -> list[str]:
    value: Any = raw.get(key)
    fits = type(value) is list and len(value) <= most
    if fits and all(type(item) is str and len(item) <= longest for item in value):
        return value
    raise refuse(raw, key, at, f"a list of at most {most} texts of at most {longest} characters")


def has(raw: Mapping[str, Any], key: str) -> bool:
    """Whether an optional key is there to be read."""
    return raw.get(key) is not None


def section(raw: Mapping[str, Any], key: str, at: str = "") -> dict[str, Any]:
    value: Any = raw.get(key)
    if type(value) is dict:
        return value
    raise refuse(raw, key, at, "an object")


def rows(raw: Mapping[str, Any], key: str, at: str, most: int) -> list[dict[str, Any]]:
    """A list of objects, at most `most` of them."""
    value: Any = raw.get(key)
    if type(value) is not list or len(value) > most:
        raise refuse(raw, key, at, f"a list of at most {most} objects")
    for index, row in enumerate(value):
        if type(row) is not dict:
            raise BrokenDocument("This must be an object.", f"{at}/{key}/{index}")
    return value


def fresh_id(wanted: str, taken: dict[str, int]) -> str:
    """`wanted`, or `wanted-2`, `wanted-3` ... where it is taken; the answer is then taken too.

    `taken` remembers by id the last number tried, so that a file of 100,000 equal notes costs no square.
    """
    found, count = wanted, taken.get(wanted, 1)
    while found in taken:
        count += 1
        found = f"{wanted}-{count}"
    taken[wanted] = count
    taken[found] = taken.get(found, 1)
    return found
