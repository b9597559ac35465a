"""State tables: which state may follow which, in one place that a test can multiply out."""

from collections.abc import Mapping

from .errors import Conflict


class StateTable:
    """The allowed transitions of one kind of thing, `{from: {to, ...}}`; a state without followers is final."""

    def __init__(self, what: str, follows: Mapping[str, set[str]]):
        self.what = what
        self.follows = {str(state): {str(after) for after in afters} for state, afters in follows.items()}

    def allows(self, before: str, after: str) -> bool:
        return str(after) in self.follows.get(str(before), set())

    def is_final(self, state: str) -> bool:
        return not self.follows.get(str(state))

    def check(self, before: str, after: str) -> None:
        """Raise `Conflict` unless `after` may follow `before`."""
        if not self.allows(before, after):
            raise Conflict(f"{self.what}_{before}", f"This {self.what} is {before} and can't become {after}.")
