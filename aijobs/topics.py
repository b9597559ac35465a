"""`job:{id}` on the live socket: for whoever asked for the job or brought the same recording, and for staff."""

from typing import Any

from django.core.exceptions import ValidationError

from foundation.errors import NotFound
from foundation.live import topic

from .selectors import job_data, job_for


@topic("job")
def job_topic(person: Any, key: str) -> dict | None:
    try:
        return job_data(job_for(person, key))
    except (NotFound, ValidationError):  # no such job of theirs, or no id at all
        return None
