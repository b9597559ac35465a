import json

import numpy as np

from transcription import peaks
from transcription.units import SAMPLE_RATE_HZ


def test_an_outline_has_the_lowest_and_highest_sample_of_each_hundredth():
    samples = np.zeros(SAMPLE_RATE_HZ)
    samples[441 * 3 + 5], samples[441 * 3 + 9] = 1.0, -0.5

    outline = peaks.outline(samples)

    assert len(outline) == 200
    assert outline[6:8] == [-64, 127] and sum(map(abs, outline)) == 191


def test_the_file_says_that_there_are_no_drums_where_nothing_was_separated(tmp_path):
    path = tmp_path / "peaks.json"

    peaks.write(path, np.zeros(SAMPLE_RATE_HZ // 2 + 7), None)

    written = json.loads(path.read_text())
    assert (written["version"], written["duration_ms"], written["peaks_per_second"]) == (1, 500, 100)
    assert written["drums"] is None and len(written["song"]) == 102
