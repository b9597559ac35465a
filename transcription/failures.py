"""What can go wrong with a song, in the codes and sentences that the worker passes on."""

from dataclasses import dataclass

import torch

from decoding.failures import DecodingFailed

# The decoder tells more cases apart than a job needs.
CODES = {"empty": "not_audio", "timeout": "broken", "too_short": "broken", "silent": "broken"}


@dataclass(frozen=True)
class Failure:
    code: str  # not_audio, too_long, broken, out_of_memory or internal
    detail: str


def failure_of(error: BaseException) -> Failure:
    if isinstance(error, DecodingFailed):
        return Failure(CODES.get(error.code, error.code), error.detail)
    if isinstance(error, MemoryError | torch.OutOfMemoryError) or "not enough memory" in str(error):
        return Failure(
            "out_of_memory", "The song needs more memory than this worker has. Try a shorter song."
        )
    return Failure(
        "internal", "Listening to the song failed. Try again; if it fails again, tell us which song."
    )
