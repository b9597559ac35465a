from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from karma.levels import ROLES
from karma.services import grant_role


class Command(BaseCommand):
    help = "Gives a person a role by hand."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", help="The person's user name or e-mail address.")
        parser.add_argument("role", choices=[role.name for role in ROLES])

    def handle(self, *args: Any, **options: Any) -> None:
        field = "email__iexact" if "@" in options["person"] else "username"
        person = User.objects.filter(**{field: options["person"]}).first()
        if person is None:
            raise CommandError(f"Nobody here is called {options['person']}.")
        grant_role(person, options["role"])
        self.stdout.write(f"{person.username} is a {options['role']} now.")
