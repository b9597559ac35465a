import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from accounts.models import User
from maps.demo import seed_demo_song

DEMO_EMAIL = "demo@beatsight.local"


class Command(BaseCommand):
    help = "Adds the demo song with its verified map, and on request somebody to sign in as."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--with-people",
            action="store_true",
            help="Also add a demo account that may do everything. For a site of your own machine only.",
        )
        parser.add_argument(
            "--password", help="The demo account's password; one is made up when it isn't given."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        drum_map = seed_demo_song()
        self.stdout.write(f"{drum_map} is at {drum_map.get_absolute_url()}")
        if options["with_people"]:
            password = options["password"] or secrets.token_urlsafe(9)
            add_demo_account(password)
            self.stdout.write(f"Sign in as {DEMO_EMAIL} with {password}")


@transaction.atomic
def add_demo_account(password: str) -> None:
    """The demo person: verified, staff, superuser. An account that exists gets the new password."""
    person, _ = User.objects.get_or_create(email=DEMO_EMAIL, defaults={"username": "demo"})
    person.is_staff = person.is_superuser = True
    person.set_password(password)
    person.save()
    EmailAddress.objects.update_or_create(
        user=person, email=DEMO_EMAIL, defaults={"verified": True, "primary": True}
    )
