"""Reading who asks."""

from typing import Any

from .models import User

#: Where the session keeps its guest's id.
GUEST_KEY = "guest"


def guest_of(session: Any) -> User | None:
    """The guest that this session belongs to, if any."""
    guest_id = session.get(GUEST_KEY) if session is not None else None
    return User.objects.filter(pk=guest_id, is_guest=True, is_active=True).first() if guest_id else None
