"""What happens to maps."""

from uuid import UUID

from foundation.bus import event


@event
class MapVersionPublished:
    """A map has a new version."""

    map_id: UUID
    version_id: UUID
    number: int
    source: str
