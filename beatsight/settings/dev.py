"""A person's own machine, as `script/server` runs it: everything embedded, nothing to configure."""

from django.core.management.utils import get_random_secret_key

from . import environment as env
from .base import *  # noqa: F403
from .base import DATA_DIR, STORAGES

# A person who tries the site shall see its own pages, not a traceback; whoever works on it sets DEBUG=yes.
DEBUG = env.flag("DEBUG", False)
DATA_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = env.text("SECRET_KEY", env.kept_secret(DATA_DIR / "secret-key", get_random_secret_key))
HEADLESS_JWT_PRIVATE_KEY = env.kept_secret(DATA_DIR / "token-key.pem", env.new_rsa_key)

ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
