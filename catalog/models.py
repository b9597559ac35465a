"""Songs, their recordings, stems of them, and uploads on their way to be recordings."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from foundation.models import TimestampedModel

from .genres import Genre
from .states import SongStatus, UploadState


class Song(TimestampedModel):
    """The musical work as this platform knows it."""

    PLACEHOLDER_TITLE = "Untitled song"

    title = models.CharField(max_length=200)
    artist = models.CharField(max_length=200, blank=True)
    genre = models.CharField(max_length=20, choices=Genre, blank=True)
    bpm = models.FloatField(null=True, blank=True, help_text="Beats a minute, as the newest map has it.")
    status = models.CharField(max_length=12, choices=SongStatus, default=SongStatus.PENDING)
    is_confirmed = models.BooleanField(default=False, help_text="A person has confirmed title and artist.")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["status", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.artist or 'Unknown artist'} – {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("song", args=[self.pk])


class Recording(TimestampedModel):
    """One mastered sound of a song, known by its Chromaprint fingerprint."""

    song = models.ForeignKey(Song, on_delete=models.CASCADE, related_name="recordings")
    fingerprint = models.BinaryField(help_text="Chromaprint codes, little-endian 32-bit, about 8 a second.")
    fingerprint_hash = models.CharField(max_length=64, unique=True)
    duration_ms = models.PositiveIntegerField()
    audio_key = models.CharField(
        max_length=300, blank=True, help_text="Where its sound is stored; empty: nowhere."
    )
    audio_type = models.CharField(max_length=100, blank=True)
    peaks_key = models.CharField(max_length=300, blank=True, help_text="The waveform's peaks, as JSON.")
    is_freely_licensed = models.BooleanField(
        default=False, help_text="Everybody may hear it. Otherwise only those who uploaded it."
    )

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return f"{self.song} ({self.duration_ms / 1000:.0f} s)"


class Upload(TimestampedModel):
    """A file on its way in."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    filename = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(help_text="Bytes, as announced.")
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, blank=True, help_text="As announced by the sender, if at all.")
    state = models.CharField(max_length=16, choices=UploadState, default=UploadState.REQUESTED)
    reason_code = models.CharField(max_length=40, blank=True)
    reason_detail = models.TextField(blank=True)
    candidates = models.JSONField(default=list, blank=True)
    due_at = models.DateTimeField(
        null=True, blank=True, help_text="From when on a worker may take it up (again)."
    )
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often a worker took it up.")
    expires_at = models.DateTimeField(help_text="Until when the file may be sent.")
    recording = models.ForeignKey(
        Recording, null=True, blank=True, on_delete=models.SET_NULL, related_name="uploads"
    )

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["owner", "-created_at"]), models.Index(fields=["state", "due_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=UploadState.REJECTED, reason_code__gt="")
                | (~Q(state=UploadState.REJECTED) & Q(reason_code="")),
                name="a_rejected_upload_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filename} ({self.get_state_display()})"

    def get_absolute_url(self) -> str:
        return reverse("upload", args=[self.pk])

    @property
    def incoming_key(self) -> str:
        """Where the sender's bytes arrive; nothing but the intake reads there."""
        return f"incoming/{self.pk}"


class Stem(TimestampedModel):
    """A track separated from a recording by one job."""

    class Kind(models.TextChoices):
        DRUMS = "drums"
        REST = "rest", "everything but the drums"

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="stems")
    kind = models.CharField(max_length=10, choices=Kind)
    storage_key = models.CharField(max_length=300)
    job_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job_id", "kind"], name="one_stem_of_a_kind_for_a_job")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.recording}"
