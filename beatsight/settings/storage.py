"""Where files lie: a folder with signed local addresses by default, S3 by URL from the environment."""

from . import environment as env

S3_ENDPOINT_URL = env.url("S3_ENDPOINT_URL", {"http", "https"})
# What a browser calls the S3 server, where that differs from what the servers call it.
S3_PUBLIC_URL = env.url("S3_PUBLIC_URL", {"http", "https"}, S3_ENDPOINT_URL)
S3_BUCKET = env.text("AWS_STORAGE_BUCKET_NAME", "beatsight" if S3_ENDPOINT_URL else "")
S3_REGION = env.text("AWS_REGION", "us-east-1")
S3_ACCESS_KEY_ID = env.text("AWS_ACCESS_KEY_ID", "" if not S3_ENDPOINT_URL else None)
S3_SECRET_ACCESS_KEY = env.text("AWS_SECRET_ACCESS_KEY", "" if not S3_ENDPOINT_URL else None)

STORAGE_DIR = env.data_dir() / "storage"
# A link to a sound lives long enough for one sitting and too short to be passed on.
AUDIO_LINK_S = 3600

STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": STORAGE_DIR},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
