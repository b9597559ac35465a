"""A person's own machine, as `script/server` runs it: everything embedded, nothing to configure."""

from . import environment as env
from .base import *  # noqa: F403
from .base import DATA_DIR, STORAGES

DEBUG = env.flag("DEBUG", True)
DATA_DIR.mkdir(parents=True, exist_ok=True)

_secret = DATA_DIR / "secret-key"
if not _secret.exists():
    from django.core.management.utils import get_random_secret_key

    _secret.touch(mode=0o600)
    _secret.write_text(get_random_secret_key())
SECRET_KEY = env.text("SECRET_KEY", _secret.read_text())

ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
