"""`upload:{id}` on the live socket: for its sender only."""

from typing import Any
from uuid import UUID

from foundation.live import topic

from .selectors import upload_data, upload_of


@topic("upload")
def upload_topic(person: Any, key: str) -> dict | None:
    try:
        upload = upload_of(person, UUID(key))
    except ValueError:
        return None
    return upload_data(upload) if upload else None
