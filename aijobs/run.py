"""One run of a claimed job: fetch the sound, have the ear listen, store what it found.

Whatever happens on the way ends in exactly one of: complete, failed with a reason, given back for another try, or
dropped because the job is no longer this run's.
"""

import logging
import mimetypes
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.text import slugify

from catalog.models import Recording
from foundation.live import tell
from foundation.storage import storage

from . import artefacts
from .ear import Ear, EarDied, EarRefused, EarTooSlow, NoLongerWanted, OnStage
from .lease import Lease
from .models import Job
from .selectors import job_data
from .services import LeaseLost, Outcome, complete_job, fail_job, give_back_job
from .states import ACTIVE, JobState, Stage
from .workplace import workplace

log = logging.getLogger(__name__)

#: Refusals of the ear that a second try would only repeat.
FINAL_REFUSALS = {"not_audio", "too_long", "broken"}


def run_claimed(
    job_id: UUID, fence: int, ear: Ear, is_stopping: Callable[[], bool], watch: OnStage | None = None
) -> None:
    """Run the job to its end. `is_stopping()` true gives it back at once, without counting the try; `watch` hears
    each stage and its progress, besides the pages.
    """
    job = Job.objects.select_related("recording__song").get(pk=job_id)
    stopping_code, stopping_detail = "worker_stopped", "The program that listens to songs was stopped."
    try:
        with Lease(job_id, fence) as lease, workplace() as folder:
            progress = _Progress(job, lease, watch)
            outcome = _outcome(job, folder, ear, progress, lambda: not (lease.is_lost or is_stopping()))
            complete_job(job_id, fence, outcome)
    except NoLongerWanted:
        if is_stopping():
            _quietly(give_back_job, job_id, fence, stopping_code, stopping_detail, counts_as_try=False)
        else:
            log.info("Job %s was cancelled or is another worker's", job_id)
    except LeaseLost:
        log.info("Job %s was cancelled or is another worker's; what this run found is void", job_id)
    except EarRefused as refusal:
        end = fail_job if refusal.code in FINAL_REFUSALS else give_back_job
        _quietly(end, job_id, fence, refusal.code, refusal.detail)
    except EarTooSlow as slowness:
        _quietly(fail_job, job_id, fence, "took_too_long", str(slowness))
    except EarDied as death:
        _quietly(give_back_job, job_id, fence, "worker_died", str(death))
    except FileNotFoundError:
        detail = "The recording's file is no longer in storage. Upload the song again."
        _quietly(fail_job, job_id, fence, "audio_missing", detail)
    except Exception:
        log.exception("Job %s broke off", job_id)
        _quietly(give_back_job, job_id, fence, "internal", "Something went wrong on our side.")
    _tidy(job)


class _Progress:
    """Passes on how far the run is: to the lease, to the pages, to whoever else watches; and keeps the time."""

    def __init__(self, job: Job, lease: Lease, watch: OnStage | None) -> None:
        self.job, self.lease, self.watch = job, lease, watch

    def __call__(self, stage: str, progress: float) -> None:
        self.job.stage, self.job.stage_progress = stage, min(max(progress, 0.0), 1.0)
        self.lease.reached(stage, self.job.stage_progress)
        tell(f"job:{self.job.pk}", job_data(self.job))
        if self.watch:
            self.watch(stage, self.job.stage_progress)


def _outcome(job: Job, folder: Path, ear: Ear, progress: OnStage, is_wanted: Callable[[], bool]) -> Outcome:
    recording = job.recording
    song_file, map_file = folder / _file_name(recording), folder / "map.bsm"
    stems_folder, peaks_file = folder / "stems", folder / "peaks.json"
    stems_folder.mkdir()
    progress(Stage.DECODE, 0.0)
    storage().download(recording.audio_key, song_file)

    def heard(stage: str, done: float) -> None:
        # The ear stores into the folder, which is half of storing; the other half is ours.
        progress(stage, done / 2 if stage == Stage.STORE else done)

    found = ear.listen(
        {
            "song": str(song_file),
            "map": str(map_file),
            "stems": str(stems_folder),
            "peaks": str(peaks_file),
            "title": recording.song.title,
            "artist": recording.song.artist,
        },
        heard,
        is_wanted,
    )
    progress(Stage.STORE, 0.5)
    began = time.monotonic()
    stems = _store_stems(job, stems_folder, found.get("stems") or {}, is_wanted)
    peaks_key = ""
    if peaks_file.exists():
        peaks_key = artefacts.peaks_key(recording.song_id, job.pk)
        storage().put_file(peaks_key, peaks_file, artefacts.PEAKS_TYPE)
    progress(Stage.STORE, 0.9)
    seconds = dict(found.get("stage_seconds", {}))
    if found.get("separation") == "none":  # not even ours could: the page shows the stage as left out
        seconds.pop("separate", None)
    return Outcome(
        bsm=map_file.read_bytes(),
        model_version=found["model_version"],
        confidence=found["confidence"],
        note=" ".join(filter(None, [found.get("separation_note"), found.get("summary")])),
        stems=stems,
        peaks_key=peaks_key,
        stage_seconds=seconds | {"store": round(seconds.get("store", 0.0) + time.monotonic() - began, 3)},
    )


def _file_name(recording: Recording) -> str:
    """What the map calls its sound. Maps are public, the name of a person's own file isn't."""
    ending = mimetypes.guess_extension(recording.audio_type) or ""
    return (slugify(f"{recording.song.artist} {recording.song.title}")[:100] or "song") + ending


def _store_stems(
    job: Job, folder: Path, names: dict[str, str], is_wanted: Callable[[], bool]
) -> dict[str, str]:
    """Store each stem as `<kind>.<ending>`; gives their keys by kind."""
    keys = {}
    for kind, name in names.items():
        if not is_wanted():
            raise NoLongerWanted
        ending = Path(name).suffix
        keys[kind] = artefacts.stems_folder(job.recording.song_id, job.pk) + f"{kind}{ending}"
        storage().put_file(keys[kind], folder / Path(name).name, artefacts.STEM_TYPES[ending])
    return keys


def _quietly(end: Callable[..., None], *args: Any, **options: Any) -> None:
    """End the run, unless the job has been taken from it meanwhile."""
    try:
        end(*args, **options)
    except LeaseLost:
        log.info("Job %s is no longer this run's", args[0])


def _tidy(job: Job) -> None:
    """Remove what this run stored when the job ended without a map. Another worker's files are left alone."""
    state = Job.objects.filter(pk=job.pk).values_list("state", flat=True).first()
    if state != JobState.COMPLETE and state not in ACTIVE:
        artefacts.forget(job.recording.song_id, job.pk)
