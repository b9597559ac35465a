"""Where the training material comes from, and that what lies in the folders is exactly that."""

import hashlib
import json
from pathlib import Path

from training import debian

MANIFEST = Path(__file__).parent / "sources.json"


def check(kits: Path, grooves: Path) -> None:
    """Raises ValueError, naming the file, where a source is missing or differs from the manifest."""
    folders = {"kits": kits, "grooves": grooves}
    for source in json.loads(MANIFEST.read_text())["sources"]:
        if source["folder"] == "debian":
            path = debian.file_of(source["package"], source["file"])
        else:
            path = folders[source["folder"]] / source["file"]
        if not path.exists():
            raise ValueError(f"{path} is missing: {source['origin']}")
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != source["sha256"]:
                raise ValueError(f"{path} is not the version that the manifest names: {source['origin']}")
