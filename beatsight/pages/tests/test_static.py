"""Templates obey the strict Content Security Policy; what is vendored is what its lock says."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "templates").rglob("*.svg"))
VENDORED = ROOT / "static" / "vendor"
# Scripts of their own, styles, handlers: the browser refuses them, so a page that needs one is broken.
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_template_holds_no_inline_script_style_or_handler(path: Path):
    assert not INLINE.findall(path.read_text())


def test_every_vendored_file_is_the_one_in_the_lock():
    lock = json.loads((VENDORED / "lock.json").read_text())
    locked = {name: sum_ for library in lock["libraries"] for name, sum_ in library["files"].items()}
    there = {
        path.relative_to(VENDORED).as_posix(): f"sha256-{hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in VENDORED.rglob("*")
        if path.is_file() and path.name != "lock.json"
    }
    assert there == locked


def test_every_vendored_library_names_its_source_version_and_licence():
    lock = json.loads((VENDORED / "lock.json").read_text())
    assert all({"name", "source", "version", "licence"} <= library.keys() for library in lock["libraries"])
