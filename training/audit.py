"""Whether one-shots sound like what they are called: a kit with wrong names teaches wrong names.

Two sound fonts that were laid out otherwise than General MIDI once made cymbals of toms. So a kit is measured: how
high its sounds lie (centroid), how long they ring (decay), and where its toms are tuned.
"""

from itertools import pairwise

import numpy as np

from training.kits import Articulations, Library, OneShot
from transcription.units import SAMPLE_RATE_HZ

LOOKED_AT_S = 0.25
RINGING_S = (0.05, 0.7)  # without the noise of the stroke
NEARLY_AS_STRONG = 0.25  # of the power, 6 dB
LOUDEST_SHOTS = 6  # soft layers carry noise
# (drum, the least and the greatest median centroid in Hz); electronic kits go to the edges.
CENTROID_HZ = {
    "kick": (20, 1_500), "snare": (120, 9_000), "tom_high": (60, 2_000), "tom_mid": (50, 2_000),
    "tom_low": (40, 2_000), "hihat_closed": (2_500, 18_000), "hihat_open": (2_000, 18_000),
    "crash": (700, 16_000), "ride": (500, 16_000), "china": (500, 16_000), "splash": (1_000, 16_000),
}  # fmt: skip
# The left one is lower than the right one, or rings shorter.
LOWER = (("kick", "snare"), ("kick", "hihat_closed"), ("tom_low", "hihat_closed"), ("snare", "hihat_closed"))
SHORTER = (("hihat_closed", "hihat_open"), ("hihat_closed", "crash"), ("kick", "crash"))
TOMS = ("tom_low", "tom_mid", "tom_high")
TOM_RANGE_HZ = (45.0, 400.0)
SAME_PITCH = 1.06  # a semitone: toms of one kit that lie nearer are not told apart by it


def faults(library: Library) -> list[str]:
    """A sentence for everything that does not sound like its name; empty where all is well."""
    kits = sorted({kit for by_kit in library.values() for kit in by_kit})
    return [fault for kit in kits for fault in _faults_of_kit(library, kit)]


def _faults_of_kit(library: Library, kit: str) -> list[str]:
    every = {drum: _shots(by_kit[kit]) for drum, by_kit in library.items() if kit in by_kit}
    shots = {
        drum: sorted(own, key=lambda shot: -shot.velocity)[:LOUDEST_SHOTS] for drum, own in every.items()
    }
    centroid = {drum: float(np.median([centroid_hz(shot) for shot in own])) for drum, own in shots.items()}
    decay = {drum: float(np.median([decay_s(shot) for shot in own])) for drum, own in shots.items()}
    found = []
    for drum, (least, greatest) in CENTROID_HZ.items():
        if drum in centroid and not least <= centroid[drum] <= greatest:
            found.append(
                f"{kit}: {drum} has its centroid at {centroid[drum]:.0f} Hz, not in {least} to {greatest} Hz"
            )
    for values, what, orders in ((centroid, "lies higher", LOWER), (decay, "rings longer", SHORTER)):
        for left, right in orders:
            if left in values and right in values and values[left] >= values[right]:
                found.append(f"{kit}: {left} {what} than {right}")
    # A hard stroke may ring loudest in an overtone, so soft ones are asked as well.
    pitch = {tom: float(np.median([pitch_hz(shot) for shot in every[tom]])) for tom in TOMS if tom in every}
    for low, high in pairwise(pitch):
        if pitch[low] > pitch[high] * SAME_PITCH:
            found.append(
                f"{kit}: {low} is tuned to {pitch[low]:.0f} Hz, above {high} at {pitch[high]:.0f} Hz"
            )
    return found


def _shots(variants: dict[str, Articulations]) -> list[OneShot]:
    """Of the dry variant, where there is one."""
    articulations = variants.get("dry") or next(iter(variants.values()))
    return [shot for own in articulations.values() for shot in own]


def centroid_hz(shot: OneShot) -> float:
    """The mean frequency of the power of its first 250 ms."""
    power, hz = _power(shot, 0.0, LOOKED_AT_S)
    return float((power * hz).sum() / (power.sum() + 1e-9))


def pitch_hz(shot: OneShot) -> float:
    """The lowest partial that is nearly as strong as the strongest, where toms are tuned."""
    power, hz = _power(shot, *RINGING_S)
    is_tom = (hz >= TOM_RANGE_HZ[0]) & (hz <= TOM_RANGE_HZ[1])
    power, hz = power[is_tom], hz[is_tom]
    return float(hz[power >= NEARLY_AS_STRONG * power.max()][0])


def _power(shot: OneShot, from_s: float, until_s: float) -> tuple[np.ndarray, np.ndarray]:
    sound = shot.samples[int(from_s * SAMPLE_RATE_HZ) : int(until_s * SAMPLE_RATE_HZ)].astype(np.float64)
    length = 2 * SAMPLE_RATE_HZ  # bins of half a hertz
    return np.abs(np.fft.rfft(sound, length)) ** 2, np.fft.rfftfreq(length, 1 / SAMPLE_RATE_HZ)


def decay_s(shot: OneShot) -> float:
    """How long it takes until 10 ms of sound stay 20 dB under the loudest."""
    block = SAMPLE_RATE_HZ // 100
    blocks = shot.samples[: len(shot.samples) // block * block].astype(np.float64).reshape(-1, block)
    rms = np.sqrt(np.square(blocks).mean(1))
    return float(np.flatnonzero(rms >= rms.max() / 10)[-1] + 1) / 100
