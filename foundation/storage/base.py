"""What a storage can do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol


@dataclass(frozen=True)
class PutTicket:
    """Where and how to send a file: the HTTP method, the signed address, and headers that must go with it."""

    method: str
    url: str
    headers: dict[str, str]
    fields: dict[str, str] = field(default_factory=dict)


class Storage(Protocol):
    def prepare(self) -> str:
        """Make ready what files will lie in, as often as one likes; a sentence that says what is there now."""

    def presign_put(self, key: str, size: int, content_type: str, expires_s: int) -> PutTicket:
        """A ticket for exactly `size` bytes of `content_type` at `key`, good for `expires_s` seconds."""

    def presign_get(self, key: str, expires_s: int, filename: str = "", content_type: str = "") -> str:
        """An address from which `key` can be read for `expires_s` seconds; with `filename`, as a download."""

    def size(self, key: str) -> int | None:
        """Bytes at `key`, or None when nothing is there."""

    def open(self, key: str) -> BinaryIO:
        """The bytes at `key` as a stream. Raises FileNotFoundError."""

    def download(self, key: str, path: Path) -> None:
        """Copy `key` into the local file `path`. Raises FileNotFoundError."""

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        """Store the local file `path` at `key`, over whatever was there, whole or not at all."""

    def put_bytes(self, key: str, content: bytes, content_type: str) -> None:
        """Store `content` at `key`, over whatever was there, whole or not at all."""

    def delete(self, key: str) -> None:
        """Remove `key`; fine when nothing is there."""

    def keys(self, prefix: str) -> Iterator[str]:
        """All keys that begin with `prefix`."""
