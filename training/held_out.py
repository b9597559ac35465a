"""python -m training.held_out --kits DIR --grooves DIR --out DIR: songs with their true maps, to measure on.

Each piece is a performance on a kit that training never meets, with a finished piece that it never meets or a band
that is composed to it (of the same instruments as in training): `NAME_drum.flac` is the drums alone,
`NAME_mix.flac` the same with the band, `NAME.bsm` what was played. Piece by piece the seed fixes everything.
"""

import argparse
from pathlib import Path

import numpy as np
import scipy.fft
import soundfile

from training import backing, grooves, kits, mixing, sources
from training.data import CACHE
from training.scoring.classes import one_of_ten
from training.targets import INAUDIBLE_VELOCITY
from transcription import score
from transcription.music import Note, TempoMap, TempoMark
from transcription.units import SAMPLE_RATE_HZ

PIECES = 24
SEED = 77
MIX_DB, MIX_SPREAD_DB, FURTHEST_DB = 0.0, 4.5, 9.0  # drums over band: as loud, usually, as in training
PEAK = 0.9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kits", type=Path, required=True)
    parser.add_argument("--grooves", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--pieces", type=int, default=PIECES)
    options = parser.parse_args()
    sources.check(options.kits, options.grooves)
    backing.prepare(options.grooves, options.cache / "backing", np.random.default_rng(1))
    library = kits.load_library(options.kits, is_held_out=True)
    performances = grooves.load_grooves(options.grooves, "validation")
    band = backing.BackingBand(options.cache / "backing", is_held_out=True)
    options.out.mkdir(parents=True, exist_ok=True)
    for number in range(options.pieces):
        write_piece(options.out, f"piece-{number:02d}", library, performances, band, [SEED, number])


def write_piece(
    folder: Path, name: str, library: kits.Library, performances: list[grooves.Groove],
    band: backing.BackingBand, seed: list[int],
) -> None:  # fmt: skip
    rng = np.random.default_rng(seed)
    kit = kits.VirtualKit(library, rng, is_held_out=True)
    part = grooves.arrange(performances, rng, mixing.CLIP_S)
    tracks, struck = mixing.record(kit, part)
    drums = mixing.drum_bus(scipy.fft.rfft(tracks, axis=1), rng)
    music = mixing.play_along(part, band, rng)
    drums_db = np.clip(rng.normal(MIX_DB, MIX_SPREAD_DB), -FURTHEST_DB, FURTHEST_DB)
    mix = drums / drums.std() * 10 ** (drums_db / 20) + music / max(music.std(), 1e-6)
    for kind, sound in (("drum", drums), ("mix", mix)):
        soundfile.write(
            folder / f"{name}_{kind}.flac",
            PEAK * sound / np.abs(sound).max(),
            SAMPLE_RATE_HZ,
            subtype="PCM_16",
        )
    tempo = _tempo_of(part)
    about = score.About(name, "BeatSight", f"{name}_mix.flac", "", len(drums) / SAMPLE_RATE_HZ)
    score.write(score.document(_true_notes(struck, tempo), tempo, about), folder / f"{name}.bsm")


def _tempo_of(part: grooves.Part) -> TempoMap:
    bar_lines = [index for index, (_, is_bar_line) in enumerate(part.beats) if is_bar_line]
    return TempoMap(part.first_bar_s, (TempoMark(0, part.bpm, bar_lines[1] - bar_lines[0]),))


def _true_notes(struck: list[mixing.Struck], tempo: TempoMap) -> list[Note]:
    """What can be heard of the kit, under the names that maps have."""
    notes = []
    for hit in struck:
        drum = hit.component if hit.component in score.LANES else one_of_ten(hit.component)
        if drum is not None and hit.velocity >= INAUDIBLE_VELOCITY:
            tick = round(float(tempo.ticks_at(np.array([hit.time_s]))[0]))
            notes.append(Note(tick, drum, hit.velocity, None, hit.time_s))
    return notes


if __name__ == "__main__":
    main()
