"""The intake's tasks, all on the queue `fingerprint`."""

from uuid import UUID

from celery import shared_task

from . import intake, services


@shared_task
def take_in(upload_id: str) -> None:
    intake.take_in(UUID(upload_id))


@shared_task
def sweep_uploads() -> None:
    """Send to a worker what a dead one left, or what nobody was told of."""
    for upload_id in services.uploads_left_standing():
        take_in.apply_async([str(upload_id)], retry=False)


@shared_task
def clear_stale_uploads() -> None:
    services.clear_stale_uploads()
