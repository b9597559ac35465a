import pytest

from foundation.errors import Conflict
from foundation.states import StateTable

DOOR = StateTable("door", {"open": {"closed"}, "closed": {"open", "locked"}, "locked": set()})
ALLOWED = {("open", "closed"), ("closed", "open"), ("closed", "locked")}


@pytest.mark.parametrize("before", ["open", "closed", "locked"])
@pytest.mark.parametrize("after", ["open", "closed", "locked"])
def test_only_what_the_table_lists_is_allowed(before: str, after: str):
    assert DOOR.allows(before, after) is ((before, after) in ALLOWED)


def test_a_refused_transition_says_what_it_refuses():
    with pytest.raises(Conflict, match="door is locked and can't become open"):
        DOOR.check("locked", "open")


def test_a_state_that_nothing_follows_is_final():
    assert DOOR.is_final("locked")
    assert not DOOR.is_final("open")
