"""The states of an upload and of a song."""

from django.db import models

from foundation.states import StateTable


class UploadState(models.TextChoices):
    REQUESTED = "requested", "waiting for the file"
    UPLOADED = "uploaded", "arrived"
    SCANNING = "scanning", "being checked"
    FINGERPRINTING = "fingerprinting", "being recognised"
    IDENTIFIED = "identified", "recognised"
    REJECTED = "rejected", "refused"


_U = UploadState
UPLOAD = StateTable(
    "upload",
    {
        _U.REQUESTED: {_U.UPLOADED, _U.REJECTED},
        _U.UPLOADED: {_U.SCANNING, _U.REJECTED},
        _U.SCANNING: {_U.FINGERPRINTING, _U.REJECTED},
        _U.FINGERPRINTING: {_U.IDENTIFIED, _U.REJECTED},
        _U.IDENTIFIED: set(),
        _U.REJECTED: set(),
    },
)

#: States in which a worker has something to do.
UPLOAD_IN_WORK = (_U.UPLOADED, _U.SCANNING, _U.FINGERPRINTING)


class SongStatus(models.TextChoices):
    PENDING = "pending", "without a map"
    UNVERIFIED = "unverified", "map not verified yet"
    VERIFIED = "verified", "verified map"
    ARCHIVED = "archived", "archived"
