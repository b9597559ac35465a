"""What does a job cost beside decoding, separating and the model?

A four-minute MP3 goes through the intake and then through a job exactly as a worker runs it: the file out of storage, a
warm ear in a child process, leases and progress in the database and over Redis, map, stems and peaks into storage.
The pipeline's own overhead is the whole run without decode, separate and transcribe. Goal: at most 1 s.
"""

import time
from pathlib import Path

from benchmarks.figures import say
from benchmarks.own_site import own_site
from decoding.tests.sounds import make_song, write_audio

SONG_S = 240
#: The stages whose time is the decoder's and the models', not the pipeline's.
NOT_OURS = ("decode", "separate", "transcribe")
GOAL_S = 1.0


def measure() -> dict[str, float]:
    with own_site() as folder:
        from accounts.models import User
        from aijobs import here
        from aijobs.ear import Ear

        song = write_audio(folder / "song.mp3", make_song(1, SONG_S), "-b:a", "192k")
        person = User.objects.create(username="benchmark")
        started = time.perf_counter()
        recording = here.bring(Path(song), person)
        intake_s = time.perf_counter() - started
        ear = Ear()
        ear.warm_up()
        messages = 0

        def watch(stage: str, progress: float) -> None:
            nonlocal messages
            messages += 1

        started = time.perf_counter()
        job = here.make_map(recording, person, watch, ear=ear)
        whole_s = time.perf_counter() - started
        ear.kill()
    stages = job.stage_seconds
    overhead_s = whole_s - sum(stages.get(stage, 0.0) for stage in NOT_OURS)
    return {
        "song_s": SONG_S,
        "intake_s": round(intake_s, 3),
        **{f"{stage}_s": round(seconds, 3) for stage, seconds in stages.items()},
        "whole_s": round(whole_s, 3),
        "real_time_ratio": round(whole_s / SONG_S, 3),
        "messages": messages,
        "beside_all_stages_s": round(whole_s - sum(stages.values()), 3),
        "overhead_s": round(overhead_s, 3),
        "overhead_ratio_to_goal": round(overhead_s / GOAL_S, 3),
        "goal_s": GOAL_S,
    }


if __name__ == "__main__":
    say(measure, __doc__)
