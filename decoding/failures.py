"""Why a file can't be used, for a program (`code`) and for the person who sent it (`detail`)."""

from typing import Literal, get_args

FailureCode = Literal[
    "not_audio", "empty", "too_short", "too_long", "silent", "broken", "out_of_memory", "timeout"
]
FAILURE_CODES: tuple[str, ...] = get_args(FailureCode)


class DecodingFailed(Exception):
    """The file is refused; `detail` says what is wrong with it and what to do next."""

    def __init__(self, code: FailureCode, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail

    def __reduce__(self) -> tuple[type["DecodingFailed"], tuple[str, str]]:
        """Celery and process pools pickle exceptions; the default would drop the second argument."""
        return type(self), (self.code, self.detail)


def not_audio() -> DecodingFailed:
    return DecodingFailed(
        "not_audio",
        "This is not a sound file that we can read. Send the song as WAV, MP3, FLAC, Ogg, Opus or M4A.",
    )


def broken(what_is_wrong: str) -> DecodingFailed:
    return DecodingFailed("broken", f"{what_is_wrong} Export or download the song again and send that file.")


def clock(seconds: float) -> str:
    """A duration as people write it: 3:07, or 10:00:00."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
