"""Reservations of runs, to be read: they follow from jobs and from nothing else."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .models import RunReservation


@admin.register(RunReservation)
class RunReservationAdmin(admin.ModelAdmin):
    list_display = ("person", "period", "plan", "state", "created_at", "closed_at", "job_id")
    list_filter = ("state", "plan", "period")
    list_select_related = ("person",)
    search_fields = ("person__username", "person__email", "job_id")
    date_hierarchy = "period"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
