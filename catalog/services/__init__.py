"""What may be done to the catalogue, one verb a function.

`uploads`: a person asks for an upload and says that the file is there. `claims`: a worker takes an upload up, moves
it on or rejects it. `settling`: it becomes a recording. `songs`: a person says what a song is.
"""

from .claims import (
    ClaimLost,
    claim_upload,
    enter,
    give_back,
    kept,
    reject_upload,
    take_up_again,
    uploads_left_standing,
)
from .settling import settle_upload
from .songs import confirm_song, hand_over
from .uploads import clear_stale_uploads, complete_upload, request_upload

__all__ = [
    "ClaimLost",
    "claim_upload",
    "clear_stale_uploads",
    "complete_upload",
    "confirm_song",
    "enter",
    "give_back",
    "hand_over",
    "kept",
    "reject_upload",
    "request_upload",
    "settle_upload",
    "take_up_again",
    "uploads_left_standing",
]
