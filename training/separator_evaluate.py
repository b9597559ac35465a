"""python -m training.separator_evaluate: what our own separator gains on held-out mixes.

Kits, performances, backing, guitars and voices of these mixes were not trained on. Drums lie 6 to 0 dB below the
music. The gain is the scale-invariant signal-to-distortion ratio of what is separated minus that of the mixture
(Le Roux et al., "SDR – half-baked or well done?", 2019), in dB; also of the mix without drums. How much sounds
before a stroke that should not is told by the 20 ms before the loud attacks.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from training.separator_data import SEPARATOR_CACHE, load_pairs
from transcription import separator
from transcription.separator_network import MaskNetwork
from transcription.units import SAMPLE_RATE_HZ

DRUMS_OVER_MUSIC_DB = (-6.0, 0.0)
SEED = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=SEPARATOR_CACHE)
    parser.add_argument("--network", type=Path, default=SEPARATOR_CACHE / "separator.pt")
    parser.add_argument("--pairs", type=int, help="only so many")
    options = parser.parse_args()
    torch.set_num_threads(1)
    network = MaskNetwork()
    network.load_state_dict(torch.load(options.network))
    pairs = load_pairs(options.cache / "held-out")
    step = max(1, len(pairs) // (options.pairs or len(pairs)))
    figures = evaluate(separator.Separator("candidate", network.eval()), pairs[::step])
    (options.cache / "evaluation.json").write_text(json.dumps(figures, indent=1))
    print(json.dumps(figures, indent=1))


def evaluate(candidate: separator.Separator, pairs: list[np.ndarray]) -> dict:
    rng = np.random.default_rng(SEED)
    rows = []
    for pair in pairs:
        drums, music = pair.astype(np.float32) / 32_768
        if drums.std() < 1e-4 or music.std() < 1e-4:
            continue
        music *= drums.std() / music.std() * 10 ** (-rng.uniform(*DRUMS_OVER_MUSIC_DB) / 20)
        mix = drums + music
        found = separator.drums_of(candidate, np.stack([mix, mix], 1))[:, 0]
        rows.append(
            (
                si_sdr_db(found, drums) - si_sdr_db(mix, drums),
                si_sdr_db(mix - found, music) - si_sdr_db(mix, music),
                *before_attacks_db(found, drums, mix),
            )
        )
    drums_db, rest_db, before_db, before_in_mix_db = np.array(rows).T
    return {
        "note": "Mixes of kits, performances, bands, guitars and voices that training never met; gains over the mix.",
        "mixes": len(rows),
        "drums_over_music_db": DRUMS_OVER_MUSIC_DB,
        "drums_si_sdr_gain_db": _spread(drums_db),
        "rest_si_sdr_gain_db": _spread(rest_db),
        "before_attacks_db": {
            "separated": round(float(np.nanmedian(before_db)), 1),
            "mixture": round(float(np.nanmedian(before_in_mix_db)), 1),
        },
    }


def si_sdr_db(found: np.ndarray, wanted: np.ndarray) -> float:
    share = (found @ wanted) / (wanted @ wanted)
    kept = share * wanted
    return float(10 * np.log10((kept @ kept) / (np.square(found - kept).sum() + 1e-12)))


def before_attacks_db(found: np.ndarray, drums: np.ndarray, mix: np.ndarray) -> tuple[float, float]:
    """What sounds in the 20 ms before loud attacks besides the drums, against the 20 ms after: separated, and mixed."""
    block = SAMPLE_RATE_HZ // 50
    energy = np.square(drums[: len(drums) // block * block]).reshape(-1, block).sum(1)
    attacks = np.flatnonzero((energy[1:] > 30 * energy[:-1]) & (energy[1:] > np.percentile(energy, 80)))
    if len(attacks) == 0:
        return np.nan, np.nan
    ratios = []
    for sound in (found, mix):
        wrong = np.square(sound - drums)[: len(energy) * block].reshape(-1, block).sum(1)
        ratios.append(float(10 * np.log10(wrong[attacks].sum() / energy[attacks + 1].sum() + 1e-9)))
    return ratios[0], ratios[1]


def _spread(gains_db: np.ndarray) -> dict[str, float]:
    low, middle, high = np.percentile(gains_db, [10, 50, 90])
    named = {"mean": gains_db.mean(), "median": middle, "worst_tenth": low, "best_tenth": high}
    return {name: round(float(value), 2) for name, value in named.items()}


if __name__ == "__main__":
    main()
