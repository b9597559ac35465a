"""The tests: the real database and Redis of the environment, quick passwords, tasks run where they are asked for."""

import sys
import tempfile
from pathlib import Path

from . import environment as env
from .base import *  # noqa: F403
from .base import CACHES, DATABASES, STORAGES

DEBUG = False
SECRET_KEY = "only-for-tests-" + "0123456789abcdef" * 4
HEADLESS_JWT_PRIVATE_KEY = env.new_rsa_key()
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {**CACHES["default"], "KEY_PREFIX": "beatsight-test"}}
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
STORAGE_DIR = Path(tempfile.mkdtemp(prefix="beatsight-test-"))
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file as in service, not a database in memory: threads and worker processes see the same rows.
    DATABASES["default"]["TEST"] = {"NAME": STORAGE_DIR / "test.sqlite3"}
RUNS_DIR = STORAGE_DIR / "runs"
# Speaks the ear's protocol in milliseconds; tests of the real one ask for it by name.
EAR_COMMAND = [sys.executable, "-m", "aijobs.tests.fake_ear"]
