"""What happens to jobs."""

from uuid import UUID

from foundation.bus import event


@event
class JobQueued:
    """Somebody asked for a map, or a dead worker's job goes back to the queue."""

    job_id: UUID
    attempt: int


@event
class JobCompleted:
    job_id: UUID
    map_id: UUID


@event
class JobFailed:
    job_id: UUID
    code: str


@event
class JobCancelled:
    job_id: UUID
