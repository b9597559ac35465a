"""Signed addresses of what belongs to a map: its song, its stems, its waveform."""

from typing import Any

from django.conf import settings

from catalog.models import Stem
from foundation.storage import storage

from .models import DrumMap

#: What each stem's file is called in a browser's Content-Type, by its ending.
_TYPES = {
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
}


def sounds_of(drum_map: DrumMap) -> dict[str, Any]:
    """`{song, drums, rest, peaks, expires_in_s}`; the caller has asked whether the person may hear them."""
    recording = drum_map.recording
    assert recording is not None
    # the newest of each kind: a later run may have separated them better
    stems = {stem.kind: stem.storage_key for stem in recording.stems.order_by("created_at")}
    return {
        "song": _signed(recording.audio_key, recording.audio_type),
        "drums": _signed(stems.get(Stem.Kind.DRUMS, "")),
        "rest": _signed(stems.get(Stem.Kind.REST, "")),
        "peaks": _signed(recording.peaks_key, "application/json"),
        "expires_in_s": settings.AUDIO_LINK_S,
    }


def _signed(key: str, content_type: str = "") -> str | None:
    if not key:
        return None
    kind = content_type or _TYPES.get(key.rpartition(".")[2], "")
    return storage().presign_get(key, settings.AUDIO_LINK_S, content_type=kind)
