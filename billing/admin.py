"""Reservations of runs, to be read: they follow from jobs and from nothing else."""

from django.contrib import admin

from foundation.made_elsewhere import ReadOnly

from .models import RunReservation


@admin.register(RunReservation)
class RunReservationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("person", "period", "plan", "state", "created_at", "closed_at", "job_id")
    list_filter = ("state", "plan", "period")
    list_select_related = ("person",)
    search_fields = ("person__username", "person__email", "job_id")
    date_hierarchy = "period"
