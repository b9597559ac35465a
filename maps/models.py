"""A map is a drum chart of a song at one difficulty; its versions are immutable files."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from catalog.models import Recording, Song
from foundation.models import TimestampedModel

from .states import Difficulty, MapStatus, Source


class DrumMap(TimestampedModel):
    """A drum chart of a song. Its canonical one, at most one a song, is what the song's page plays."""

    song = models.ForeignKey(Song, on_delete=models.CASCADE, related_name="drum_maps")
    recording = models.ForeignKey(
        Recording,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        help_text="The sound that its times belong to.",
    )
    difficulty_label = models.CharField(max_length=8, choices=Difficulty, default=Difficulty.EXPERT)
    status = models.CharField(max_length=10, choices=MapStatus, default=MapStatus.UNVERIFIED)
    is_canonical = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["song", "difficulty_label"],
                condition=Q(status=MapStatus.VERIFIED),
                name="one_verified_map_for_song_and_difficulty",
            ),
            models.UniqueConstraint(
                fields=["song"], condition=Q(is_canonical=True), name="one_canonical_map_for_a_song"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.song} · {self.get_difficulty_label_display()}"

    def get_absolute_url(self) -> str:
        return reverse("map", args=[self.pk])


class MapVersion(TimestampedModel):
    """An immutable numbered state of a map: a `.bsm` file and what lists say of it."""

    drum_map = models.ForeignKey(DrumMap, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=6, choices=Source)
    storage_key = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    note_count = models.PositiveIntegerField()
    bpm = models.FloatField()
    duration_ms = models.PositiveIntegerField()
    difficulty = models.FloatField(default=0, help_text="Computed from the notes, 0 to 10.")
    confidence = models.FloatField(
        null=True, blank=True, help_text="Of the model, 0 to 1; empty: made by people."
    )
    model_version = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True, help_text="What a reader should know of how it was made.")
    job_id = models.UUIDField(null=True, blank=True, unique=True, help_text="The AI's job that made it.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["drum_map", "number"], name="one_version_number_for_a_map"),
            models.CheckConstraint(
                condition=~Q(source=Source.AI) | Q(job_id__isnull=False, model_version__gt=""),
                name="an_ai_version_names_its_job_and_model",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.drum_map} · version {self.number}"
