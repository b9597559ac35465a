"""A file's way from arrived to recognised, in the worker.

    uploaded → scanning: fetched, its checksum compared, scanned for malware, decoded whole once
             → fingerprinting: fingerprinted, looked up, its sound kept
             → identified, or rejected at any point with a reason

The whole way is gone on one private copy: what was scanned is what is fingerprinted and kept, whatever is sent to
the upload's address meanwhile. A worker that dies leaves a claim that lapses, and the next one begins again at the
start; nothing that it does twice matters.
"""

import hashlib
import logging
import tempfile
from pathlib import Path
from uuid import UUID

from django.conf import settings

from catalog.fingerprints import fingerprint
from decoding import AudioFacts, DecodingFailed, inspect
from foundation.storage import storage

from .models import Upload
from .recognition.catalogue import known_sound
from .recognition.sources import candidates_for
from .scanning import ScanUnavailable, infection_in
from .services import ClaimLost, claim_upload, enter, give_back, kept, reject_upload, settle_upload
from .services.claims import audio_key_of
from .states import UploadState

log = logging.getLogger(__name__)


class Refused(Exception):
    """The file can't be taken: a code for programs, a sentence for its sender."""

    def __init__(self, code: str, detail: str):
        super().__init__(detail)
        self.code, self.detail = code, detail


def take_in(upload_id: UUID) -> None:
    """Bring an upload to its end, if it is due and no other worker has it."""
    upload = claim_upload(upload_id)
    if upload is None:
        return
    try:
        _take_in(upload)
    except ClaimLost:
        log.info("Upload %s went to another worker", upload_id)


def _take_in(upload: Upload) -> None:
    try:
        with kept(upload), tempfile.TemporaryDirectory(prefix="beatsight-intake-") as folder:
            path = Path(folder) / "song"
            facts = _check(upload, path)
            _recognise(upload, path, facts)
    except (Refused, DecodingFailed) as refusal:
        reject_upload(upload, refusal.code, refusal.detail)
    except ScanUnavailable as error:
        log.error("Upload %s waits for the scanner: %s", upload.pk, error)
        give_back(
            upload,
            "scan_unavailable",
            "The file could not be scanned for malware. Try again in a few minutes.",
        )
    except ClaimLost:
        raise
    except Exception:
        log.exception("Upload %s failed in try %d", upload.pk, upload.tries)
        give_back(
            upload,
            "internal",
            "Something broke on our side, and it has been written down. Send the song again.",
        )


def _check(upload: Upload, path: Path) -> AudioFacts:
    """Fetch the file to `path` and make sure that it is what was announced, harmless, and a whole song."""
    enter(upload, UploadState.SCANNING)
    try:
        storage().download(upload.incoming_key, path)
    except FileNotFoundError:
        raise Refused("missing", "The file is no longer there. Send the song again.") from None
    if path.stat().st_size != upload.size:
        raise Refused("size_mismatch", "The file isn't as large as was announced. Send the song again.")
    if upload.sha256 and _sha256(path) != upload.sha256:
        raise Refused("checksum_mismatch", "The file was damaged on its way here. Send the song again.")
    if found := infection_in(path):
        raise Refused("infected", f"The virus scanner found {found} in the file, so it was deleted.")
    enter(upload, UploadState.SCANNING)  # decoding gets a step's time of its own
    return inspect(path, settings.UPLOAD_MAX_DURATION_S)


def _recognise(upload: Upload, path: Path, facts: AudioFacts) -> None:
    enter(upload, UploadState.FINGERPRINTING)
    heard = fingerprint(path, duration_ms=facts.duration_ms)
    known = known_sound(heard)
    if known and known.is_same_recording and known.recording.audio_key:
        settle_upload(upload, heard, ("", ""), [], "")
        return
    candidates, genre = candidates_for(heard, path, upload.filename)
    storage().put_file(audio_key_of(upload), path, facts.content_type)
    settle_upload(upload, heard, (audio_key_of(upload), facts.content_type), candidates, genre)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
