"""What the catalogue does when something happens, here or elsewhere."""

from django.db import transaction

from accounts.events import GuestBecamePerson
from foundation.bus import on

from .events import UploadArrived
from .services import hand_over
from .tasks import take_in


@on(UploadArrived)
def a_worker_is_asked(happened: UploadArrived) -> None:
    """After the commit; if nobody can be told now, the sweep tells them."""
    transaction.on_commit(lambda: take_in.apply_async([str(happened.upload_id)], retry=False), robust=True)


@on(GuestBecamePerson)
def what_a_guest_brought_is_kept(happened: GuestBecamePerson) -> None:
    hand_over(happened.guest_id, happened.user_id)
