"""One run of the AI on one recording."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from catalog.models import Recording
from foundation.models import TimestampedModel
from maps.models import DrumMap
from maps.states import Difficulty

from .states import ACTIVE, JobState, Priority, Stage


class Job(TimestampedModel):
    """A run: who asked, how far it is, and who owns it now.

    `fence` grows with every claim. Whoever writes for the run names the fence that they were given; a worker
    that lost its lease holds an old one, and its writes meet no row.
    """

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="jobs")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs"
    )
    difficulty_label = models.CharField(max_length=8, choices=Difficulty, default=Difficulty.EXPERT)
    priority = models.CharField(max_length=8, choices=Priority, default=Priority.STANDARD)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    stage = models.CharField(max_length=10, choices=Stage, blank=True)
    stage_progress = models.FloatField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.TextField(blank=True)
    note = models.TextField(
        blank=True, help_text="What the person should know, such as a missing separation."
    )
    stage_seconds = models.JSONField(default=dict, blank=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(
        null=True, blank=True, help_text="When a worker was last asked to take it up."
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    drum_map = models.ForeignKey(
        DrumMap, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs"
    )

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "lease_until"]), models.Index(fields=["state", "queued_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["recording"], condition=Q(state__in=ACTIVE), name="one_active_job_for_a_recording"
            ),
            models.CheckConstraint(
                condition=Q(state=JobState.FAILED, error_code__gt="") | ~Q(state=JobState.FAILED),
                name="a_failed_job_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state=JobState.PROCESSING, lease_until__isnull=False)
                | (~Q(state=JobState.PROCESSING) & Q(lease_until__isnull=True)),
                name="a_running_job_has_a_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recording.song} ({self.get_state_display()})"

    def get_absolute_url(self) -> str:
        return reverse("job", args=[self.pk])

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE
