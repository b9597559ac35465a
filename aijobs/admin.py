"""Jobs for operators and curators: how each stands, and the two things that may be done with one."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.timesince import timeuntil

from foundation.errors import Problem
from foundation.made_elsewhere import MadeElsewhere

from .models import Job
from .services import cancel_job, retry_job
from .states import overall


@admin.register(Job)
class JobAdmin(MadeElsewhere, admin.ModelAdmin):
    """A job's fields follow from its run, so they can only be read; retry and cancel are actions of the list."""

    list_display = (
        "song",
        "state",
        "stage",
        "percent",
        "tries",
        "lease",
        "requested_by",
        "queued_at",
        "error_code",
    )
    list_filter = ("state", "stage", "priority", "error_code")
    list_select_related = ("recording__song", "requested_by")
    search_fields = ("id", "recording__song__title", "recording__song__artist", "requested_by__username")
    date_hierarchy = "queued_at"
    actions = ("retry", "cancel")
    fieldsets = (
        (None, {"fields": ("id", "recording", "requested_by", "difficulty_label", "priority", "drum_map")}),
        (
            "Where it stands",
            {
                "fields": ("state", "stage", "percent", "tries", "note", "error_code", "error_detail"),
                "description": "A job whose worker dies goes back to the queue by itself, at most three times. "
                "To stop one, or to try a failed one again, tick it in the list and choose the action there.",
            },
        ),
        (
            "Who owns it",
            {
                "fields": ("fence", "lease", "sent_at"),
                "description": "The fence grows with every claim; a worker that holds an older one can write nothing.",
            },
        ),
        ("When", {"fields": ("queued_at", "started_at", "finished_at", "stage_seconds")}),
    )

    @admin.display(ordering="recording__song__title")
    def song(self, job: Job) -> str:
        return str(job.recording.song)

    @admin.display(description="progress")
    def percent(self, job: Job) -> str:
        return f"{overall(job.stage, job.stage_progress):.0%}" if job.stage else "–"

    @admin.display(ordering="lease_until")
    def lease(self, job: Job) -> str:
        if job.lease_until is None:
            return "–"
        return "run out" if job.lease_until < timezone.now() else f"{timeuntil(job.lease_until)} left"

    @admin.action(description="Try again (failed or cancelled jobs)", permissions=["change"])
    def retry(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._for_each(request, jobs, retry_job, "queued again")

    @admin.action(description="Cancel (waiting or running jobs)", permissions=["change"])
    def cancel(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._for_each(request, jobs, cancel_job, "cancelled")

    def _for_each(
        self, request: HttpRequest, jobs: QuerySet[Job], act: Callable[[Any], Job], done: str
    ) -> None:
        for job in jobs:
            try:
                act(job.pk)
            except Problem as problem:
                self.message_user(request, f"{job}: {problem.detail}", messages.WARNING)
            else:
                self.message_user(request, f"{job.recording.song}: {done}.", messages.SUCCESS)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return tuple(field for _, facts in self.fieldsets for field in facts["fields"])  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
