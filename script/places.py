"""Where things lie: the checkout, its virtual environment, and the data of a running site."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"


def data_dir() -> Path:
    """The folder of database, storage, sockets and logs; made if it is not there, for its owner only."""
    folder = Path(os.environ.get("BEATSIGHT_DATA_DIR") or ROOT / ".beatsight").expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Writes a file so that a reader sees the old text or the new, never a part."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
