"""One line an event on standard output; whoever runs the process decides where it goes."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # A refused request is an answer, not an incident.
        "django.request": {"level": "ERROR"},
        "daphne": {"level": "WARNING"},
    },
}
