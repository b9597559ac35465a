"""The catalogue for curators and operators."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from foundation.made_elsewhere import MadeElsewhere

from .models import Recording, Song, Stem, Upload
from .services import take_up_again


class RecordingRows(MadeElsewhere, admin.TabularInline):
    model = Recording
    fields = readonly_fields = ("id", "duration_ms", "audio_type", "is_freely_licensed", "created_at")
    extra = 0
    can_delete = False
    show_change_link = True


@admin.register(Song)
class SongAdmin(admin.ModelAdmin):
    list_display = ("title", "artist", "genre", "bpm", "status", "is_confirmed", "added_by", "created_at")
    list_filter = ("status", "genre", "is_confirmed", "created_at")
    list_select_related = ("added_by",)
    search_fields = ("title", "artist", "=id")
    search_help_text = "Words of the title or artist, or a song's id."
    raw_id_fields = ("added_by",)
    readonly_fields = ("id", "created_at", "updated_at")
    inlines = (RecordingRows,)


class StemRows(MadeElsewhere, admin.TabularInline):
    model = Stem
    fields = readonly_fields = ("kind", "storage_key", "job_id", "created_at")
    extra = 0
    can_delete = False


@admin.register(Recording)
class RecordingAdmin(MadeElsewhere, admin.ModelAdmin):
    """Made by the intake alone; a person decides to which song it belongs and whether everybody may hear it."""

    list_display = ("song", "duration_ms", "audio_type", "is_freely_licensed", "created_at")
    list_filter = ("is_freely_licensed", "audio_type", "created_at")
    list_select_related = ("song",)
    search_fields = ("song__title", "song__artist", "=fingerprint_hash", "=id")
    search_help_text = "Words of the song's title or artist, a recording's id, or a whole fingerprint hash."
    fields = ("id", "song", "is_freely_licensed", "duration_ms", "fingerprint_hash", "audio_key", "audio_type",
              "peaks_key", "created_at", "updated_at")  # fmt: skip
    raw_id_fields = ("song",)
    readonly_fields = tuple(name for name in fields if name not in {"song", "is_freely_licensed"})
    inlines = (StemRows,)


@admin.register(Upload)
class UploadAdmin(MadeElsewhere, admin.ModelAdmin):
    """What people sent, how far it came, and why it was refused. Nothing to fill in: an upload makes its own way."""

    list_display = ("filename", "owner", "state", "reason_code", "size", "tries", "due_at", "created_at")
    list_filter = ("state", "reason_code", "created_at")
    list_select_related = ("owner",)
    search_fields = ("filename", "owner__username", "owner__email", "reason_detail", "=id")
    search_help_text = "A file's name, its sender's name or e-mail, words of the reason, or an upload's id."
    actions = ("take_up_again",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The action below needs the right; the fields are read-only for everybody.
        return obj is None and super().has_change_permission(request)

    @admin.action(description="Send to a worker again (uploads that stand still)", permissions=["change"])
    def take_up_again(self, request: HttpRequest, uploads: QuerySet[Upload]) -> None:
        ids = list(uploads.values_list("pk", flat=True))
        sent = sum(take_up_again(upload_id) for upload_id in ids)
        self.message_user(request, f"{sent} sent to a worker.", messages.SUCCESS if sent else messages.INFO)
        if over := len(ids) - sent:
            told = f"{over} left as they are: they wait for their file, or have come to their end."
            self.message_user(request, told, messages.WARNING)
