"""How far the listening software's installation is, as `script/server` reports it beside the database."""

import json

from django.conf import settings


def installation_note() -> str | None:
    """A sentence for whoever waits for a worker that can't start yet; None when nothing is being installed."""
    try:
        report = json.loads((settings.DATA_DIR / "worker-install.json").read_text())
        state, done, of = report["state"], report.get("done"), report.get("of")
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if state == "installing":
        counted = f" ({done} of {of})" if of else ""
        return f"The listening software is still being installed{counted}. The song is next after that."
    if state == "failed":
        return "The listening software could not be installed. Start the server again to retry; the song stays in line."
    return None
