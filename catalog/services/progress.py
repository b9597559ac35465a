"""Telling whoever watches an upload what has become of it, once that is committed."""

from uuid import UUID

from django.db import transaction

from foundation.live import tell

from ..models import Upload
from ..selectors import upload_data


def tell_of(upload_id: UUID) -> None:
    transaction.on_commit(lambda: _tell(upload_id), robust=True)


def _tell(upload_id: UUID) -> None:
    if upload := Upload.objects.select_related("recording").filter(pk=upload_id).first():
        tell(f"upload:{upload_id}", upload_data(upload))
