from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KarmaConfig(AppConfig):
    name = "karma"

    def ready(self) -> None:
        from .services import write_roles

        # Groups and their permissions follow the table in levels.py whenever the database is migrated.
        post_migrate.connect(lambda **_: write_roles(), sender=self, weak=False)
