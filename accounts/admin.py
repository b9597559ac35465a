from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from .models import User


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People, guests among them."""

    list_display = ("username", "email", "is_guest", "karma", "is_staff", "date_joined")
    list_filter = ("is_guest", "is_staff", "is_active", "groups")
    readonly_fields = ("karma",)
    fieldsets = (*UserAdmin.fieldsets, ("BeatSight", {"fields": ("is_guest", "karma")}))  # type: ignore[misc]
