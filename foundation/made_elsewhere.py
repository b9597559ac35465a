"""Rows that only services make: the admin shows them and adds none."""

from typing import Any

from django.http import HttpRequest


class MadeElsewhere:
    """Mixin for admin classes and inlines: nothing is added by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(MadeElsewhere):
    """Mixin: nothing is changed or deleted by hand either, for rows that follow from others."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
