"""What happens to people."""

from uuid import UUID

from foundation.bus import event


@event
class GuestBecamePerson:
    """A guest signed in to an account that exists already; what the guest brought now belongs to it."""

    guest_id: UUID
    user_id: UUID
