"""A site of a benchmark's own, as `script/server` has it: SQLite, a folder, an embedded Redis, all gone at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command

from script.testing.peers import embedded_default


@contextmanager
def own_site() -> Iterator[Path]:
    """The site's data folder; Django is set up and the tables are there. Once a process."""
    with embedded_default() as environment:
        os.environ |= environment
        os.environ |= {"DJANGO_SETTINGS_MODULE": "beatsight.settings.dev", "DEBUG": "0"}
        django.setup()
        call_command("migrate", verbosity=0)
        yield Path(environment["BEATSIGHT_DATA_DIR"])
