from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KarmaConfig(AppConfig):
    name = "karma"

    def ready(self) -> None:
        # Groups follow the table in levels.py whenever a room whose permissions it names has been migrated.
        post_migrate.connect(_follow_the_table, dispatch_uid="karma.roles")


def _follow_the_table(sender: AppConfig, **_: Any) -> None:
    from .levels import ROLES
    from .services import write_roles

    if any(permission.startswith(f"{sender.label}.") for role in ROLES for permission in role.permissions):
        write_roles()
