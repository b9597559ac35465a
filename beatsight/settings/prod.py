"""Production: every peer is named in the environment, and a missing one stops the start."""

from django.core.exceptions import ImproperlyConfigured

from . import environment as env
from .base import *  # noqa: F403
from .base import CLAMD_URL, REDIS_URL

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
# PEM in one line: newlines may be written as \\n, as an .env file needs it.
HEADLESS_JWT_PRIVATE_KEY = env.text("JWT_PRIVATE_KEY").replace("\\n", "\n")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS") or [env.text("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = env.names(
    "CSRF_TRUSTED_ORIGINS", ",".join(f"https://{host}" for host in ALLOWED_HOSTS)
)

SCANNING_REQUIRED = True
if not CLAMD_URL:
    raise ImproperlyConfigured(
        "CLAMD_URL is not set. Uploads must be scanned in production: start clamd and set CLAMD_URL, "
        "for example tcp://clamd:3310 or unix:///run/clamav/clamd.ctl."
    )
for _name, _value in {"DATABASE_URL": env.text("DATABASE_URL"), "REDIS_URL": REDIS_URL}.items():
    if not _value:
        raise ImproperlyConfigured(f"{_name} is not set. Production keeps nothing in the embedded default.")
env.text("S3_ENDPOINT_URL")

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.whole_number("SECURE_HSTS_SECONDS", 30 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
