"""Letters: printed where no mail server is named."""

from urllib.parse import unquote, urlsplit

from . import environment as env

_address = urlsplit(env.url("EMAIL_URL", {"smtp", "smtps"}))

if _address.hostname:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _address.hostname
    EMAIL_PORT = _address.port or (465 if _address.scheme == "smtps" else 25)
    EMAIL_HOST_USER = unquote(_address.username or "")
    EMAIL_HOST_PASSWORD = unquote(_address.password or "")
    EMAIL_USE_SSL = _address.scheme == "smtps"
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "BeatSight <no-reply@beatsight.local>")
