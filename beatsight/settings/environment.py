"""The one file that reads the environment.

A value that is missing or makes no sense stops the start with its name and the remedy, so that nobody
hunts for a typo in production.
"""

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

REPOSITORY = Path(__file__).resolve().parents[2]


def text(name: str, default: str | None = None) -> str:
    """The variable `name`; without a default it must be set."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set. Set it in the environment; see deploy/env.example.")
    return default


def whole_number(name: str, default: int | None) -> int | None:
    """The variable `name` as a whole number of zero or more."""
    value = text(name, "")
    if not value:
        return default
    if not value.isdigit():
        raise ImproperlyConfigured(f"{name} is {value!r}, but must be a whole number such as {default or 3}.")
    return int(value)


def flag(name: str, default: bool) -> bool:
    """The variable `name` as yes or no."""
    value = text(name, "yes" if default else "no").lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}, but must be yes or no.")


def names(name: str, default: str = "") -> list[str]:
    """The variable `name` as a list, separated by commas."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def url(name: str, schemes: set[str], default: str = "") -> str:
    """The variable `name` as a URL of one of `schemes`; empty when it is not set."""
    value = text(name, default)
    if value and urlsplit(value).scheme not in schemes:
        expected = ", ".join(f"{scheme}://" for scheme in sorted(schemes))
        raise ImproperlyConfigured(f"{name} is {value!r}, but must start with one of {expected}.")
    return value


def data_dir() -> Path:
    """Where the embedded default keeps its database, storage, sockets and logs."""
    return Path(text("BEATSIGHT_DATA_DIR", str(REPOSITORY / ".beatsight"))).expanduser().resolve()


def database(folder: Path) -> dict:
    """Django's database settings from `DATABASE_URL`; SQLite in `folder` when it is not set."""
    address = url("DATABASE_URL", {"postgres", "postgresql", "sqlite"})
    if not address or address.startswith("sqlite"):
        path = Path(unquote(urlsplit(address).path)) if address else folder / "db.sqlite3"
        return sqlite(path)
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(parts.port or ""),
        # Under ASGI a fresh connection for each request costs 8 ms; the pool keeps them.
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": {"min_size": 2, "max_size": 20}},
    }


def sqlite(path: Path) -> dict:
    """SQLite as a server wants it: writers queue up (IMMEDIATE) and readers don't wait for them (WAL)."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def redis_socket(folder: Path) -> str:
    """The embedded Redis's private socket: named by script/server, else inside the data folder (or where the link
    there points: a socket's path must be short)."""
    return text("BEATSIGHT_REDIS_SOCKET", str((folder / "redis" / "redis.sock").resolve()))


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret in the file `path`; made at the first start, whole, by one of the processes that start at once."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:  # mode 600
            draft.write(make())
            draft.flush()
            with contextlib.suppress(FileExistsError):  # another process was first
                os.link(draft.name, path)
    return path.read_text()


def new_rsa_key() -> str:
    """A fresh RSA key for signing access tokens, as PEM."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
