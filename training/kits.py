"""Drum kits to play grooves on: audited one-shots, crossed into virtual kits.

No free kit is complete and a model that hears three kits learns three kits, so each clip gets a kit of its
own: a main kit for part of its drums, other drums from elsewhere, all of them re-pitched, re-levelled and
sometimes damped. Kits for training and kits for measuring never meet (`use` in the manifest).
"""

import csv
import io
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from transcription.units import SAMPLE_RATE_HZ

LEFT_OUT = {"rumpf"}  # seven electronic sounds, not worth an attribution
DOUBTFUL_VOTE = 0.6  # a second opinion this sure of another drum: the file is left out

# Level of the loudest hit against the kick, and how much kits differ in it (dB).
LEVEL_DB = {
    "kick": (0, 2), "snare": (-1, 3), "snare_rim": (-8, 4), "hihat_closed": (-13, 6), "hihat_half": (-10, 5),
    "hihat_open": (-10, 5), "hihat_pedal": (-18, 5), "tom_high": (-3, 3.5), "tom_mid": (-3, 3.5),
    "tom_low": (-2, 3.5), "crash": (-7, 4), "china": (-8, 4), "splash": (-11, 4), "ride": (-13, 5),
    "ride_bell": (-10, 4), "cowbell": (-8, 4), "tambourine": (-12, 4),
}  # fmt: skip
# How readily a kit lends a drum; electronic and synthesised kits are rare guests.
TASTE = {
    "muldjord": 1.3, "osdk": 1.3, "gogodze": 1.1, "fluidr3_standard": 1.1, "fluidr3_power": 0.5,
    "sonicpi_acoustic": 0.8, "frankensnare": 1.2, "phat_hat": 0.6, "freepats_world": 1.0,
}  # fmt: skip
GUEST = 0.03
MAIN_KITS = ("muldjord", "osdk", "gogodze", "fluidr3_standard")
FAMILY_OF_TOMS = ("tom_high", "tom_mid", "tom_low")
FAMILY_OF_HATS = ("hihat_closed", "hihat_half", "hihat_open", "hihat_pedal")
# Played instead where a kit lacks the drum itself.
STAND_IN = {
    "hihat_open": "hihat_half", "hihat_half": "hihat_open", "hihat_pedal": "hihat_closed", "tom_high": "tom_mid",
    "tom_mid": "tom_high", "ride_bell": "ride", "china": "crash", "splash": "crash", "snare_rim": "snare",
}  # fmt: skip


@dataclass(frozen=True)
class OneShot:
    velocity: float
    level_db: float
    samples: np.ndarray  # int16 mono, starts 0.7 ms before the attack


Articulations = dict[str, list[OneShot]]
Library = dict[str, dict[str, dict[str, Articulations]]]  # component → kit → variant → articulation


def load_library(kits: Path, *, is_held_out: bool) -> Library:
    """The one-shots of `manifest.csv` that may train, or those kept for measuring."""
    library: Library = defaultdict(lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(list))))
    archives: dict[str, zipfile.ZipFile] = {}
    for row in csv.DictReader((kits / "manifest.csv").read_text().splitlines()):
        if (row["use"] != "train") != is_held_out or row["kit"] in LEFT_OUT or _is_doubtful(row):
            continue
        if row["component"] not in LEVEL_DB:
            continue
        archive_name, file_name = row["file"].rsplit("/", 1)
        if archive_name not in archives:
            archives[archive_name] = zipfile.ZipFile(kits / archive_name)
        samples, _ = soundfile.read(io.BytesIO(archives[archive_name].read(file_name)), dtype="int16")
        attack_s = max(0.0, float(row["onset_ms"] or 0) - 0.7) / 1000
        shot = OneShot(
            float(row["velocity"]), float(row["level_db"]), samples[int(attack_s * SAMPLE_RATE_HZ) :]
        )
        library[row["component"]][row["kit"]][row["variant"]][row["articulation"]].append(shot)
    return library


def _is_doubtful(row: dict[str, str]) -> bool:
    def group(component: str) -> str:
        for name in ("hihat", "tom_", "snare"):
            if component.startswith(name):
                return name
        return "cymbal" if component in ("crash", "ride", "ride_bell", "china", "splash") else component

    is_sure = float(row["vote_share"] or 0) > DOUBTFUL_VOTE
    return bool(row["vote"]) and is_sure and group(row["vote"]) != group(row["component"])


@dataclass
class Drum:
    layers: list[OneShot]
    level_db: float
    pitch_semitones: float
    damping_s: float | None


class VirtualKit:
    """One drummer's kit for one clip. `strike` gives the sound of a hit."""

    def __init__(self, library: Library, rng: np.random.Generator, *, is_held_out: bool) -> None:
        self.rng = rng
        self.db_per_decade = rng.uniform(14, 38)  # how strongly this drummer's touch changes the level
        self.drums: dict[str, Drum] = {}
        self._played: dict[tuple[str, int], np.ndarray] = {}
        is_electronic = not is_held_out and rng.random() < 0.12
        main = MAIN_KITS[rng.integers(len(MAIN_KITS))] if rng.random() < 0.5 and not is_electronic else None
        roominess = rng.choice([0, 0.3, 0.7, 1.0])
        kit_of_toms = None
        for component, kits in library.items():
            names = sorted(kits)
            if component in FAMILY_OF_TOMS and kit_of_toms in names:
                kit = kit_of_toms
            elif main in names and rng.random() < 0.65:
                kit = main
            else:
                kit = self._choose_kit(names, is_electronic=is_electronic, is_held_out=is_held_out)
            if component in FAMILY_OF_TOMS:
                kit_of_toms = kit_of_toms or kit
            self.drums[component] = self._set_up(component, kits[kit], roominess)
        self._tune_together(FAMILY_OF_TOMS, pitch_spread=2, level_spread_db=3)
        self._tune_together(FAMILY_OF_HATS, pitch_spread=1.5, level_spread_db=4.5)

    def _choose_kit(self, names: list[str], *, is_electronic: bool, is_held_out: bool) -> str:
        if is_held_out:
            return names[self.rng.integers(len(names))]
        if is_electronic:
            weights = np.array([0.2 if name in TASTE else 1.0 for name in names])
        else:
            weights = np.array([TASTE.get(name, GUEST) for name in names])
        return names[self.rng.choice(len(names), p=weights / weights.sum())]

    def _set_up(self, component: str, variants: dict[str, Articulations], roominess: float) -> Drum:
        rng = self.rng
        is_roomy = "roomy" in variants and rng.random() < roominess
        articulations = variants[
            "roomy" if is_roomy else "dry" if "dry" in variants else next(iter(variants))
        ]
        names = sorted(articulations)
        weights = np.array([len(articulations[name]) ** 0.7 for name in names])
        layers = articulations[names[rng.choice(len(names), p=weights / weights.sum())]]
        rings = component in ("crash", "ride", "ride_bell", "china", "splash", "hihat_open")
        is_damped = rng.random() < 0.33
        damping_s = rng.uniform(0.25, 1.2) if rings else rng.uniform(0.06, 0.5)
        level_db, spread_db = LEVEL_DB[component]
        return Drum(
            layers, level_db + rng.normal(0, spread_db), rng.normal(0, 1.5), damping_s if is_damped else None
        )

    def _tune_together(self, family: tuple[str, ...], pitch_spread: float, level_spread_db: float) -> None:
        pitch = float(np.clip(self.rng.normal(0, pitch_spread), -4, 4))
        shift_db = self.rng.normal(0, level_spread_db)
        for component in family:
            if drum := self.drums.get(component):
                drum.pitch_semitones = pitch
                drum.level_db = LEVEL_DB[component][0] + shift_db + self.rng.normal(0, 1.5)

    def drum_for(self, component: str) -> str | None:
        """The component itself, what stands in for it, or None where the kit has neither."""
        return next((c for c in (component, STAND_IN.get(component)) if c in self.drums), None)

    def strike(self, component: str, velocity: float) -> np.ndarray:
        """Samples (float32 mono) of one hit; a kick at full velocity has its loudest 10 ms at 0 dB RMS."""
        drum = self.drums[component]
        distance = np.array([abs(layer.velocity - velocity) for layer in drum.layers])
        index = int((distance + self.rng.uniform(0, 0.12, len(distance))).argmin())
        if (component, index) not in self._played:
            self._played[component, index] = _shaped(drum.layers[index], drum)
        gain_db = drum.level_db + self.db_per_decade * np.log10(max(velocity, 0.03)) + self.rng.normal(0, 0.7)
        return self._played[component, index] * np.float32(10 ** (gain_db / 20))


def _shaped(shot: OneShot, drum: Drum) -> np.ndarray:
    samples = shot.samples.astype(np.float32) / 32_768 * np.float32(10 ** (-shot.level_db / 20))
    rate = 2 ** (drum.pitch_semitones / 12)
    samples = np.interp(np.arange(0, len(samples) - 1, rate), np.arange(len(samples)), samples).astype(
        np.float32
    )
    if drum.damping_s:
        seconds = np.arange(len(samples)) / SAMPLE_RATE_HZ
        samples = samples * np.exp(-np.maximum(seconds - 0.02, 0) / drum.damping_s).astype(np.float32)
        samples = samples[: int(SAMPLE_RATE_HZ * (0.05 + 5 * drum.damping_s))]
    return samples
