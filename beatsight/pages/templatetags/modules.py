"""Tells the browser where its modules are: one import map a page, nothing bundled.

`import { subscribe } from "beatsight/live"` names `static/js/live.js`; the map gives its hashed URL, so a module
may be cached for ever and still change with the next release. The map is the page's only inline script and
carries the request's CSP nonce.
"""

import json
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()

MODULES_FOLDER = "js"
# What could end the script element or start a comment inside it, written as JSON escapes.
UNSAFE_IN_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def importmap(context: template.Context) -> str:
    """The `<script type="importmap">` of this page; it must stand before the first module script."""
    nonce = getattr(context.get("request"), "csp_nonce", "")
    imports = json.dumps({"imports": module_urls()}).translate(UNSAFE_IN_SCRIPT)
    return format_html('<script type="importmap" nonce="{}">{}</script>', nonce, mark_safe(imports))


def module_urls() -> dict[str, str]:
    """Every module's bare specifier (`beatsight/audio/clock`) with its URL; tests are nobody's import."""
    folder = finders.find(MODULES_FOLDER)
    if folder is None:
        return {}
    paths = sorted(path.relative_to(folder) for path in Path(folder).rglob("*.js"))
    return {
        f"beatsight/{path.with_suffix('').as_posix()}": static(f"{MODULES_FOLDER}/{path.as_posix()}")
        for path in paths
        if path.parts[0] != "tests"
    }
