"""Brings the database up to date and, where nobody has signed up yet, fills it with the demo.

`prepare()` runs this file as a process of its own, so that Django is loaded once and not by the supervisor.
"""

import json
import secrets
import subprocess
from pathlib import Path

from script.places import ROOT, VENV_PYTHON, write_whole
from script.serving.terminal import StartRefused

DEMO_EMAIL = "demo@beatsight.local"


def prepare(environment: dict[str, str], data_dir: Path) -> str | None:
    """Migrates and seeds; the demo's password if this data folder has the demo."""
    password_file = data_dir / "demo-password"
    password = password_file.read_text() if password_file.exists() else f"drums-{secrets.token_urlsafe(9)}"
    prepared = subprocess.run(
        [VENV_PYTHON, "-m", "script.serving.database", password],
        env=environment,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    (data_dir / "logs" / "database.log").write_text(prepared.stdout + prepared.stderr)
    if prepared.returncode:
        reason = "\n".join(prepared.stderr.strip().splitlines()[-12:])
        log = data_dir / "logs" / "database.log"
        raise StartRefused(f"The database could not be prepared:\n{reason}\n\nAll of it: {log}")
    if json.loads(prepared.stdout.splitlines()[-1])["is_seeded_now"]:
        write_whole(password_file, password, mode=0o600)
    return password if password_file.exists() else None


def main(password: str) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=1)

    from django.contrib.auth import get_user_model

    is_new = not get_user_model().objects.exists()
    if is_new:
        call_command("seed_demo", with_people=True, password=password)
    print(json.dumps({"is_seeded_now": is_new}))


if __name__ == "__main__":
    import os
    import sys

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beatsight.settings.dev")
    main(sys.argv[1])
