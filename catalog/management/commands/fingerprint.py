from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.fingerprints import fingerprint
from catalog.recognition.catalogue import known_sound
from catalog.recognition.sources import candidates_for
from decoding import DecodingFailed, inspect


class Command(BaseCommand):
    help = "Shows a song's fingerprint, whether it is a recording of ours, and what else it may be. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("song", type=Path, help="A sound file on this machine.")

    def handle(self, *args: Any, song: Path, **options: Any) -> None:
        if not song.is_file():
            raise CommandError(f"{song} is no file.")
        try:
            facts = inspect(song, settings.UPLOAD_MAX_DURATION_S)
            heard = fingerprint(song, duration_ms=facts.duration_ms)
        except DecodingFailed as refusal:
            raise CommandError(f"{refusal.code}: {refusal.detail}") from refusal
        self._say("hash", heard.hash)
        self._say("duration", f"{heard.duration_ms} ms ({facts.codec} in {facts.container})")
        known = known_sound(heard)
        if known is None:
            self._say("catalogue", "not one of our recordings")
        else:
            kind = "recording" if known.is_same_recording else "another cut of recording"
            self._say(
                "catalogue", f"{kind} {known.recording.pk}, {known.score:.0%} alike: {known.recording.song}"
            )
        candidates, genre = candidates_for(heard, song, song.name)
        for each in candidates:
            self._say(each.source, f"{each.artist or 'Unknown artist'} – {each.title} ({each.score:.2f})")
        self._say("genre", genre or "not told by the tags")
        if not settings.ACOUSTID_API_KEY:
            self._say("acoustid", "not asked, for ACOUSTID_API_KEY is not set")

    def _say(self, name: str, value: str) -> None:
        self.stdout.write(f"{name:>10}  {value}")
