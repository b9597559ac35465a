"""A guest's jobs go with the guest."""

from uuid import UUID

from ..models import Job


def hand_over_jobs(guest_id: UUID, user_id: UUID) -> None:
    Job.objects.filter(requested_by_id=guest_id).update(requested_by_id=user_id)
