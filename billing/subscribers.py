"""What billing does when something happens elsewhere."""

from accounts.events import GuestBecamePerson
from foundation.bus import on

from .services import hand_over_runs


@on(GuestBecamePerson)
def runs_go_with_the_guest(happened: GuestBecamePerson) -> None:
    hand_over_runs(happened.guest_id, happened.user_id)
