"""A folder as storage, its tickets signed by Django and honoured by `views.py`."""

import io
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.core import signing
from django.urls import reverse

from .base import PutTicket

PUT_SALT, GET_SALT = "storage.put", "storage.get"


class LocalStorage:
    def __init__(self, folder: Path):
        self.folder = Path(folder)

    def prepare(self) -> str:
        self.folder.mkdir(parents=True, exist_ok=True)
        return f"Files lie in {self.folder}."

    def presign_put(self, key: str, size: int, content_type: str, expires_s: int) -> PutTicket:
        promise = {
            "key": key,
            "size": size,
            "type": content_type,
            "for_s": expires_s,
            "once": uuid.uuid4().hex,
        }
        url = reverse("storage_put", args=[signing.dumps(promise, salt=PUT_SALT)])
        return PutTicket("PUT", url, {"Content-Type": content_type})

    def presign_get(self, key: str, expires_s: int, filename: str = "", content_type: str = "") -> str:
        promise = {"key": key, "for_s": expires_s, "name": filename, "type": content_type}
        return reverse("storage_get", args=[signing.dumps(promise, salt=GET_SALT)])

    def path(self, key: str) -> Path:
        """Where `key` lies. Raises ValueError for a key that would leave the folder."""
        path = (self.folder / key).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise ValueError(f"The key {key!r} leaves the storage folder.")
        return path

    def size(self, key: str) -> int | None:
        path = self.path(key)
        return path.stat().st_size if path.is_file() else None

    def open(self, key: str) -> BinaryIO:
        return self.path(key).open("rb")

    def download(self, key: str, path: Path) -> None:
        shutil.copyfile(self.path(key), path)

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        with path.open("rb") as source:
            self.put_stream(key, source)

    def put_bytes(self, key: str, content: bytes, content_type: str) -> None:
        self.put_stream(key, io.BytesIO(content))

    def put_stream(self, key: str, source: BinaryIO) -> None:
        """Write beside the place and move into it, so that nobody ever reads half a file."""
        path = self.path(key)
        beside = path.with_name(f".{uuid.uuid4().hex}.part")
        try:
            with _opened(beside) as target:
                shutil.copyfileobj(source, target, 1024 * 1024)
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)

    def delete(self, key: str) -> None:
        path = self.path(key)
        path.unlink(missing_ok=True)
        for parent in path.parents:
            if parent == self.folder.resolve():
                break
            try:
                parent.rmdir()
            except OSError:  # something lies in it, perhaps since just now
                break

    def keys(self, prefix: str) -> Iterator[str]:
        start = self.path(prefix).parent if not prefix.endswith("/") else self.path(prefix)
        for path in sorted(start.rglob("*")) if start.is_dir() else ():
            key = path.relative_to(self.folder.resolve()).as_posix()
            if path.is_file() and key.startswith(prefix):
                yield key


def _opened(path: Path) -> BinaryIO:
    """A new file, its folder made; made again if somebody removed it as empty in that moment."""
    for _ in range(10):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return path.open("xb")
        except FileNotFoundError:
            continue
    return path.open("xb")
