"""`manage.py generate_map SONG`: a song file to a drum map, in this process, also beside a running site."""

import logging
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand, CommandError
from django.db.utils import OperationalError, ProgrammingError

from accounts.models import User
from aijobs import here
from aijobs.states import Stage
from foundation.errors import Problem
from maps.selectors import bsm_of, version_of
from maps.states import Difficulty


class Command(BaseCommand):
    help = "Makes the drum map of a song file, without queue or worker, and keeps it as a job would."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("song", type=Path, help="WAV, MP3, FLAC, Ogg, Opus or M4A, up to 20 minutes")
        parser.add_argument("--out", type=Path, metavar="MAP.bsm", help="also write the map here")
        parser.add_argument("--owner", metavar="NAME", help="whose song it is; default: the first operator")
        parser.add_argument("--difficulty", choices=Difficulty.values, default=Difficulty.EXPERT.value)

    def handle(self, *, song: Path, out: Path | None, owner: str | None, difficulty: str, **_: Any) -> None:
        if not song.is_file():
            raise CommandError(f"There is no file {song}.")
        _be_quiet_without_broker()
        began = time.monotonic()
        try:
            person = _owner(owner)
            self.stdout.write(f"{song.name}: checking and recognising")
            recording = here.bring(song, person)
            self._say(f"{recording.song} · song {recording.song_id}", began)
            job = here.make_map(recording, person, self._watch(began), difficulty)
        except Problem as problem:
            raise CommandError(problem.detail) from problem
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(f"The database isn't ready: {error}. Run manage.py migrate first.") from error
        assert job.drum_map
        version = version_of(job.drum_map)
        self._say(f"{version.note_count} notes at {version.bpm:g} bpm · map {version.drum_map_id}", began)
        took = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in job.stage_seconds.items())
        self.stdout.write(f"Seconds of each stage: {took}")
        if job.note:
            self.stdout.write(job.note)
        if out:
            out.write_bytes(bsm_of(version))
            self.stdout.write(f"written to {out}")

    def _watch(self, began: float) -> here.OnStage:
        """Says each stage as it begins, with the seconds since the start."""
        reached = ""

        def watch(stage: str, progress: float) -> None:
            nonlocal reached
            if stage != reached:
                reached = stage
                self._say(f"  {Stage(stage).label}", began)

        return watch

    def _say(self, line: str, since: float) -> None:
        self.stdout.write(f"{line} ({time.monotonic() - since:.1f} s)")
        self.stdout.flush()


def _owner(name: str | None) -> User:
    if name:
        person = User.objects.filter(username=name).first() or User.objects.filter(email__iexact=name).first()
        if person is None:
            raise CommandError(f"There is nobody called {name}.")
        return person
    operator = User.objects.filter(is_superuser=True, is_active=True).order_by("date_joined").first()
    return operator or User.objects.get_or_create(username="operator")[0]


def _be_quiet_without_broker() -> None:
    """Nobody to tell is no mistake here: what is told after a commit waits in the outbox for the site's sweep."""
    try:
        with current_app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
    except Exception:
        for name in ("foundation.live", "django.db.backends.base"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
