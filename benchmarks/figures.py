"""How every benchmark says what it measured: a table, or with `--json` one object of figures by name."""

import argparse
import json
from collections.abc import Callable


def say(measure: Callable[[], dict[str, float]], about: str | None) -> None:
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", action="store_true", help="print one object of figures by name")
    as_json = parser.parse_args().json
    figures = measure()
    if as_json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:28} {value:>10}")
