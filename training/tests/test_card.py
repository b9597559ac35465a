import json

from training import card
from training.sources import MANIFEST
from transcription.weights import FOLDER


def test_the_page_beside_the_weights_is_what_their_cards_say():
    assert (FOLDER / card.README).read_text() == card.readme(), "run python -m training.card"


def test_a_page_has_figures_limits_commands_and_whose_work_it_is(tmp_path):
    source = next(s for s in json.loads(MANIFEST.read_text())["sources"] if "Muldjord" in s["attribution"])
    described = {
        "name": "tried",
        "about": "Hears everything.",
        "sha256": "ab" * 32,
        "held_out": {"drums": {"five_groups": {"f": 0.9, "recall": 0.8}}},
        "limits": ["No gongs."],
        "training": {"commands": ["python -m training.train"], "seed": 5, "versions": card.versions()},
        "sources": [{key: source[key] for key in ("file", "licence", "sha256")}],
    }
    (tmp_path / "tried.json").write_text(json.dumps(described))

    card.write(tmp_path)

    page = (tmp_path / "README.md").read_text()
    for line in (
        "## tried", "| drums, five groups | f 0.9 · recall 0.8 |", "- No gongs.", "python -m training.train",
        "- seed: 5",
    ):  # fmt: skip
        assert line in page.splitlines()
    assert "Lars Muldjord" in page and "CC BY 4.0" in page and "torch" in page
