"""The browser's modules: all are found by the import map, and the rules that the architecture sets for them."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory

from beatsight.pages.templatetags.modules import module_urls

MODULES = Path(settings.BASE_DIR) / "static" / "js"
SOURCES = sorted(path for path in MODULES.rglob("*.js") if "tests" not in path.parts)
IMPORTED = re.compile(r"""(?:^import|\bfrom)\s+"([^"]+)";""", re.MULTILINE)
CLOCKS = re.compile(r"performance\.now|Date\.now|new Date\b|\.currentTime\b")


def rendered(nonce: str) -> str:
    request = RequestFactory().get("/")
    request.csp_nonce = nonce  # type: ignore[attr-defined]
    return Template("{% load modules %}{% importmap %}").render(Context({"request": request}))


def test_the_import_map_carries_the_nonce_of_its_request():
    assert 'type="importmap" nonce="abc123"' in rendered("abc123")


def test_the_import_map_names_every_module_and_no_test():
    imports = json.loads(re.sub(r"</?script[^>]*>", "", rendered("n")))["imports"]
    assert imports.keys() == {
        f"beatsight/{path.relative_to(MODULES).with_suffix('').as_posix()}" for path in SOURCES
    }
    assert imports["beatsight/audio/clock"].endswith(".js")


def test_nothing_in_the_import_map_can_end_its_script(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("beatsight.pages.templatetags.modules.module_urls", lambda: {"x": "</script><b>&"})
    assert rendered("n").count("<") == 2


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(MODULES).as_posix())
def test_a_module_imports_only_what_the_map_knows(path: Path):
    assert set(IMPORTED.findall(path.read_text())) <= module_urls().keys()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(MODULES).as_posix())
def test_only_the_audio_modules_read_a_clock(path: Path):
    if path.parent.name != "audio":
        assert not CLOCKS.findall(path.read_text())
