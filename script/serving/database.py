"""Brings the database up to date and, where nobody has signed up yet, fills it with the demo.

`prepare()` runs this file as a process of its own, so that Django is loaded once and not by the supervisor. The
embedded database is left alone when it is the very file that the same migrations have been applied to before;
that saves a second start the seconds it takes to ask.
"""

import hashlib
import json
import os
import secrets
import subprocess
from pathlib import Path

from script.places import ROOT, VENV_PYTHON, write_whole
from script.serving.terminal import StartRefused

DEMO_EMAIL = "demo@beatsight.local"
LINES_OF_A_FAILURE = 12


def prepare(environment: dict[str, str], data_dir: Path) -> str | None:
    """Migrates and seeds if need be; the demo's password if this data folder has the demo."""
    stamp = data_dir / "database.stamp"
    password_file = data_dir / "demo-password"
    is_all_embedded = not (environment.get("DATABASE_URL") or environment.get("S3_ENDPOINT_URL"))
    state = _state_of_embedded(data_dir) if is_all_embedded else None
    if state is None or not stamp.exists() or stamp.read_text() != state:
        password = password_file.read_text() if password_file.exists() else secrets.token_urlsafe(9)
        if _migrate_and_seed(environment, data_dir, password):
            write_whole(password_file, password, mode=0o600)
        write_whole(stamp, _state_of_embedded(data_dir) or "")
    return password_file.read_text() if password_file.exists() else None


def _state_of_embedded(data_dir: Path) -> str | None:
    """A digest that changes with the database's file, any room's migrations and the packages' versions."""
    file = data_dir / "db.sqlite3"
    if not file.exists():
        return None
    digest = hashlib.sha256(str(file.stat().st_ino).encode())
    for path in [*sorted(ROOT.glob("*/migrations/*.py")), ROOT / "requirements" / "constraints.txt"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _migrate_and_seed(environment: dict[str, str], data_dir: Path, password: str) -> bool:
    """Whether the demo was added just now."""
    prepared = subprocess.run(
        [VENV_PYTHON, "-m", "script.serving.database"],
        env={**environment, "BEATSIGHT_DEMO_PASSWORD": password},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    log = data_dir / "logs" / "database.log"
    log.write_text(prepared.stdout + prepared.stderr)
    if prepared.returncode:
        reason = "\n".join(prepared.stderr.strip().splitlines()[-LINES_OF_A_FAILURE:])
        raise StartRefused(f"The database could not be prepared:\n{reason}\n\nAll of it: {log}")
    return json.loads(prepared.stdout.splitlines()[-1])["is_seeded_now"]


def main() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=1)

    call_command("prepare_storage")

    from django.contrib.auth import get_user_model

    is_new = not get_user_model().objects.exists()
    if is_new:
        call_command("seed_demo", with_people=True, password=os.environ["BEATSIGHT_DEMO_PASSWORD"])
    print(json.dumps({"is_seeded_now": is_new}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beatsight.settings.dev")
    main()
