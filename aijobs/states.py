"""The states of a job, and the stages that it goes through."""

from django.db import models

from foundation.states import StateTable


class JobState(models.TextChoices):
    QUEUED = "queued", "waiting"
    PROCESSING = "processing", "listening"
    COMPLETE = "complete", "done"
    FAILED = "failed", "failed"
    CANCELLED = "cancelled", "cancelled"


_J = JobState
JOB = StateTable(
    "job",
    {
        _J.QUEUED: {_J.PROCESSING, _J.CANCELLED, _J.FAILED},
        # back to the queue when its worker died
        _J.PROCESSING: {_J.COMPLETE, _J.FAILED, _J.CANCELLED, _J.QUEUED},
        _J.COMPLETE: set(),
        # tried again by hand
        _J.FAILED: {_J.QUEUED},
        _J.CANCELLED: {_J.QUEUED},
    },
)
ACTIVE = (_J.QUEUED, _J.PROCESSING)


class Priority(models.TextChoices):
    STANDARD = "standard"
    PRIORITY = "priority"


class Stage(models.TextChoices):
    """What a running job does, in this order."""

    DECODE = "decode", "Reading the song"
    SEPARATE = "separate", "Separating the drums"
    TRANSCRIBE = "transcribe", "Listening to the drums"
    BEATS = "beats", "Finding beats and bars"
    QUANTISE = "quantise", "Writing the notes"
    STORE = "store", "Storing the map"


#: How much of a run each stage takes, as measured on songs of four minutes with our own separator on two cores.
#: With Demucs separating takes far longer; progress within a stage is told all the same.
STAGE_SHARES = {
    Stage.DECODE: 0.03,
    Stage.SEPARATE: 0.34,
    Stage.TRANSCRIBE: 0.52,
    Stage.BEATS: 0.07,
    Stage.QUANTISE: 0.02,
    Stage.STORE: 0.02,
}


def overall(stage: str, progress: float) -> float:
    """Progress of the whole run, 0 to 1, from the progress within a stage."""
    done = 0.0
    for each, share in STAGE_SHARES.items():
        if each == stage:
            return min(1.0, done + share * progress)
        done += share
    return 0.0
