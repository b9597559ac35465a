"""The checks that read the code: one command each, run from the top of the checkout."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from script.places import VENV, VENV_PYTHON

BIN = VENV / "bin"

# Enough for the production settings to load; nothing is connected to.
_PRETEND_PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "beatsight.settings.prod",
    "SECRET_KEY": "a-key-that-only-this-check-uses-" + "0123456789abcdefghijklmnopqrstuv",
    "ALLOWED_HOSTS": "beatsight.example",
    "DATABASE_URL": "postgresql://beatsight@postgres/beatsight",
    "REDIS_URL": "redis://redis:6379/0",
    "S3_ENDPOINT_URL": "http://s3:9000",
    "AWS_ACCESS_KEY_ID": "pretend",
    "AWS_SECRET_ACCESS_KEY": "pretend",
    "CLAMD_URL": "tcp://clamd:3310",
    "EMAIL_URL": "smtp://mail:25",
}


def _pretend_production() -> dict[str, str]:
    """The production settings' environment, with a signing key that only this run knows."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {**_PRETEND_PRODUCTION, "JWT_PRIVATE_KEY": key.decode().replace("\n", "\\n")}


@dataclass(frozen=True)
class Check:
    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def _manage(*arguments: str) -> tuple[str, ...]:
    return (str(VENV_PYTHON), "manage.py", *arguments)


CHECKS = [
    Check("style", (f"{BIN}/ruff", "check", ".")),
    Check("format", (f"{BIN}/ruff", "format", "--check", "--quiet", ".")),
    Check("import rules", (f"{BIN}/lint-imports",)),
    Check("types", (f"{BIN}/mypy", ".")),
    Check("migrations are complete", _manage("makemigrations", "--check", "--dry-run")),
    Check("production settings", _manage("check", "--deploy", "--fail-level=WARNING"), _pretend_production()),
]
