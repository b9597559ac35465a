"""Maps for curators. Versions are files that never change, so they can only be read here."""

from django.contrib import admin

from foundation.made_elsewhere import MadeElsewhere, ReadOnly

from .models import DrumMap, MapVersion


class VersionRows(MadeElsewhere, admin.TabularInline):
    model = MapVersion
    fields = ("number", "source", "note_count", "bpm", "confidence", "model_version", "created_at")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True


@admin.register(DrumMap)
class DrumMapAdmin(admin.ModelAdmin):
    list_display = ("song", "difficulty_label", "status", "is_canonical", "created_by", "created_at")
    list_filter = ("status", "difficulty_label", "is_canonical")
    list_select_related = ("song", "created_by")
    search_fields = ("song__title", "song__artist", "id")
    raw_id_fields = ("song", "recording", "created_by")
    readonly_fields = ("id", "created_at", "updated_at")
    inlines = (VersionRows,)


@admin.register(MapVersion)
class MapVersionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = (
        "drum_map",
        "number",
        "source",
        "note_count",
        "bpm",
        "confidence",
        "model_version",
        "created_at",
    )
    list_filter = ("source", "model_version")
    list_select_related = ("drum_map__song",)
    search_fields = ("drum_map__song__title", "drum_map__song__artist", "job_id")
