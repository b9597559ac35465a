"""Sound fonts and recordings that Debian packages hold: those installed, else fetched into the cache by themselves."""

import subprocess
from pathlib import Path

CACHE = Path("training/cache/debian")


def file_of(package: str, path: str) -> Path:
    """The file that a package puts at `path` (absolute). Raises ValueError where it can't be had."""
    installed, unpacked = Path(path), CACHE / package / path.lstrip("/")
    if installed.exists():
        return installed
    if not unpacked.exists():
        _unpack(package, CACHE / package)
    if not unpacked.exists():
        raise ValueError(f"Debian's package {package} holds no {path}.")
    return unpacked


def _unpack(package: str, folder: Path) -> None:
    """Takes a package apart without installing it, which needs no rights of an administrator."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(["apt-get", "download", package], cwd=folder, check=True, capture_output=True)
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        raise ValueError(
            f"Debian's package {package} is needed and could not be fetched by apt-get."
        ) from error
    for archive in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", archive.name, "."], cwd=folder, check=True)
        archive.unlink()
