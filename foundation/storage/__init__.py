"""Where files lie. The same few verbs over a local folder (embedded default) and over S3.

Bytes never pass through a view on their way to S3: a person gets a ticket, an address signed for one key, one size
and one type, and sends the file there. The local folder offers the same by a signed address of our own.
"""

from functools import cache

from django.conf import settings
from django.core.signals import setting_changed

from .base import PutTicket, Storage

__all__ = ["PutTicket", "Storage", "storage"]


@cache
def storage() -> Storage:
    """The storage that the settings name."""
    if settings.S3_ENDPOINT_URL:
        from .s3 import S3Storage

        return S3Storage()
    from .local import LocalStorage

    return LocalStorage(settings.STORAGE_DIR)


# A test may move the folder.
setting_changed.connect(lambda **_: storage.cache_clear(), weak=False)
