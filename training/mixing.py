"""From strokes to a finished sound: microphones, room, bus compression, tape, codecs, and a band around the kit.

Equalisation, bleed and reverberation happen in the frequency domain, for each of five groups of microphones, so
that one performance gives several mixes cheaply.
"""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from scipy.signal import lfilter

from training import rooms
from training.backing import BackingBand
from training.codecs import through_a_codec
from training.grooves import Part
from training.kits import VirtualKit
from training.tracks import lay
from transcription.units import SAMPLE_RATE_HZ

CLIP_S = 16.0
CLIP_SAMPLES = int(CLIP_S * SAMPLE_RATE_HZ)
PADDED_SAMPLES = scipy.fft.next_fast_len(CLIP_SAMPLES + SAMPLE_RATE_HZ, real=True)
FREQUENCIES_HZ = scipy.fft.rfftfreq(PADDED_SAMPLES, 1 / SAMPLE_RATE_HZ).astype(np.float32)
OCTAVES = np.log2(np.maximum(FREQUENCIES_HZ, 20) / 20).astype(np.float32)  # above 20 Hz, 0 to 10.1
CURVE_POINTS = 1024  # an equaliser's curve is drawn by steps of a hundredth of an octave
CURVE_POINT_OF_BIN = np.clip(np.round(OCTAVES / 10.1 * (CURVE_POINTS - 1)), 0, CURVE_POINTS - 1).astype(
    np.int32
)
MICROPHONES = {"kick": 0, "snare": 1, "hihat": 2, "tom": 3, "over": 4}
OVERHEAD = (MICROPHONES["hihat"], MICROPHONES["over"])
LISTENING_BAND = 0.65  # share of mixes whose band is composed to the drummer
CODEC_SHARE = 0.05
CHOKING_HATS = ("hihat_closed", "hihat_pedal", "hihat_half")


@dataclass(frozen=True)
class Struck:
    """A hit that sounds: what the labels are made of."""

    time_s: float
    component: str
    velocity: float


def record(kit: VirtualKit, part: Part) -> tuple[np.ndarray, list[Struck]]:
    """The part on the kit → (5 microphones, samples) and the hits that the kit could play."""
    tracks = np.zeros((len(MICROPHONES), PADDED_SAMPLES), np.float32)
    struck = []
    choking_s = np.array([h.time_s for h in part.hits if h.component in CHOKING_HATS])
    buzz_db = kit.rng.uniform(-42, -26) if kit.rng.random() < 0.5 and "snare" in kit.drums else None
    for hit in part.hits:
        component = kit.drum_for(hit.component)
        if component is None:
            continue
        sound = kit.strike(component, hit.velocity)
        if component in ("hihat_open", "hihat_half"):
            sound = _choked(sound, hit.time_s, choking_s)
        microphone = _microphone(component)
        lay(tracks[microphone, :CLIP_SAMPLES], sound, hit.time_s)
        if buzz_db is not None and microphone in (0, 3):  # the snare wires answer kick and toms
            soft_db = kit.db_per_decade * np.log10(0.3)
            lay(
                tracks[1, :CLIP_SAMPLES],
                kit.strike("snare", 0.3) * np.float32(10 ** ((buzz_db - soft_db) / 20)),
                hit.time_s + 0.01,
            )
        struck.append(Struck(hit.time_s, component, hit.velocity))
    return tracks, struck


def _microphone(component: str) -> int:
    return next(
        (index for name, index in MICROPHONES.items() if component.startswith(name)), MICROPHONES["over"]
    )


def _choked(sound: np.ndarray, time_s: float, choking_s: np.ndarray) -> np.ndarray:
    later_s = choking_s[choking_s > time_s + 0.03]
    cut = int((later_s[0] - time_s) * SAMPLE_RATE_HZ) if len(later_s) else len(sound)
    if cut >= len(sound):
        return sound
    fade = sound[: cut + 600].copy()
    fade[cut:] *= np.linspace(1, 0, len(fade) - cut, dtype=np.float32)
    return fade


def mix_down(
    spectra: np.ndarray, part: Part, band: BackingBand, rng: np.random.Generator, kind: str
) -> np.ndarray:
    """One mix of the recorded microphones (their spectra) → samples. Kind: drums, leaky or mix."""
    drums = drum_bus(spectra, rng)
    if kind == "drums":
        samples = drums
    else:
        music = play_along(part, band, rng)
        drums_over_music_db = rng.uniform(10, 24) if kind == "leaky" else np.clip(rng.normal(0, 4.5), -10, 14)
        gain = _rms(drums) / _rms(music) * 10 ** (-drums_over_music_db / 20) if part.hits else 1.0
        samples = drums + music * np.float32(gain)
        if rng.random() < 0.5:
            samples = _compressed(samples, rng)
        if rng.random() < 0.35:
            samples = _saturated(samples, rng.uniform(1, 3))
    if rng.random() < 0.3:
        noise_db = -rng.uniform(30, 60)
        samples = samples + rng.standard_normal(CLIP_SAMPLES).astype(np.float32) * _rms(samples) * 10 ** (
            noise_db / 20
        )
    if rng.random() < CODEC_SHARE:
        samples = through_a_codec(samples, rng)
    return samples.astype(np.float32)


def drum_bus(spectra: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Close microphones, overheads that hear the whole kit, one room, bus compression and tape."""
    bus = np.zeros(len(FREQUENCIES_HZ), np.complex64)
    sent = np.zeros((2, len(FREQUENCIES_HZ)), np.complex64)  # by drums and by cymbals, which stand elsewhere
    for microphone, spectrum in enumerate(spectra):
        # Close snare microphones are duller than a finished mix, so theirs is mostly brightened.
        tilt = rng.uniform(0, 2) if microphone == 1 else rng.normal(0, 0.6 if microphone in (0, 3) else 1.0)
        heard = spectrum * (_equaliser(rng, 2.5, tilt) * np.float32(10 ** (rng.normal(0, 2) / 20)))
        bus += heard
        sent[int(microphone in OVERHEAD)] += heard * np.float32(10 ** (rng.normal(0, 4) / 20))
    if rng.random() < 0.85:
        room = rooms.responses(rng)[[MICROPHONES["snare"], MICROPHONES["over"]]]
        room_gain = np.float32(10 ** (rng.uniform(-26, 0) / 20))
        bus += (sent * scipy.fft.rfft(room, PADDED_SAMPLES, axis=1)).sum(0) * room_gain
    if rng.random() < 0.7:
        overhead_gain = np.float32(10 ** (rng.uniform(-24, -3) / 20))
        bus += (
            sent.sum(0)
            * _delay(rng.uniform(0.002, 0.005))
            * _equaliser(rng, 3, rng.normal(1.0, 0.7))
            * overhead_gain
        )
    bus = bus * _equaliser(rng, 2, rng.normal(0.1, 0.5))
    samples = scipy.fft.irfft(bus, PADDED_SAMPLES)[:CLIP_SAMPLES].astype(np.float32)
    samples /= np.abs(samples).max() + 1e-6
    if rng.random() < 0.55:
        samples = _compressed(samples, rng)
    if rng.random() < 0.45:
        samples = _saturated(samples, float(np.exp(rng.uniform(np.log(0.7), np.log(6)))))
    return samples


def _delay(seconds: float) -> np.ndarray:
    return np.exp(-2j * np.pi * FREQUENCIES_HZ * seconds).astype(np.complex64)


def play_along(part: Part, band: BackingBand, rng: np.random.Generator) -> np.ndarray:
    """A band that plays with this drummer, a finished piece that merely fits, or both."""
    layers = [band.accompany(rng, part, CLIP_SAMPLES)] if rng.random() < LISTENING_BAND else []
    if not layers or rng.random() < 0.25:
        is_on_the_bar = rng.random() < 0.8
        piece = band.play(rng, part.bpm, part.first_bar_s, CLIP_SAMPLES, is_on_the_bar=is_on_the_bar)
        layers.append(
            _saturated(piece, float(np.exp(rng.uniform(np.log(2), np.log(14)))))
            if rng.random() < 0.4
            else piece
        )
    music = sum(layer / _rms(layer) * rng.uniform(0.4, 1) for layer in layers)
    spectrum = scipy.fft.rfft(music, PADDED_SAMPLES) * _equaliser(rng, 2.5, rng.normal(0.5, 0.8))
    return scipy.fft.irfft(spectrum, PADDED_SAMPLES)[:CLIP_SAMPLES].astype(np.float32)


def _equaliser(rng: np.random.Generator, spread_db: float, tilt_db_per_octave: float) -> np.ndarray:
    knots = np.linspace(0, 10.1, 7)
    gains_db = rng.normal(0, spread_db, 7) + tilt_db_per_octave * (knots - 5)
    curve = 10 ** (np.interp(np.linspace(0, 10.1, CURVE_POINTS), knots, gains_db) / 20)
    return curve.astype(np.float32)[CURVE_POINT_OF_BIN]


def _compressed(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Gain by blocks of 3 ms: quick down, slow up."""
    block = 128
    blocks = np.abs(samples[: len(samples) // block * block]).reshape(-1, block).max(1)
    level_db = 20 * np.log10(blocks / (np.percentile(blocks, 97) + 1e-6) + 1e-4)
    threshold_db, ratio = rng.uniform(-22, -6), rng.uniform(1.5, 8)
    reduction_db = -np.maximum(level_db - threshold_db, 0) * (1 - 1 / ratio)
    release = np.exp(-block / SAMPLE_RATE_HZ / rng.uniform(0.04, 0.3))
    released_db = lfilter([1 - release], [1, -release], reduction_db)
    gain_db = np.minimum(released_db, reduction_db * rng.uniform(0.1, 0.9))
    positions = np.arange(len(gain_db)) * block + block
    gain = 10 ** (np.interp(np.arange(len(samples)), positions, gain_db) / 20)
    return (samples * gain).astype(np.float32)


def _saturated(samples: np.ndarray, drive: float) -> np.ndarray:
    return np.tanh(samples / (np.percentile(np.abs(samples[::7]), 99.9) + 1e-6) * drive).astype(np.float32)


def _rms(samples: np.ndarray) -> np.float32:
    return np.float32(samples.std() + 1e-6)
