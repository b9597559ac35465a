from typing import Any

from django.core.management.base import BaseCommand

from foundation.storage import storage


class Command(BaseCommand):
    help = "Makes the storage ready: on S3 the bucket, and leave for browsers to send and fetch by signed addresses."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(storage().prepare())
