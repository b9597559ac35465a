"""What comes in from outside: sizes, lengths, scanning, AcoustID, and how often one may ask."""

from . import environment as env

UPLOAD_MAX_BYTES = 200 * 1024 * 1024
UPLOAD_MAX_DURATION_S = 20 * 60
UPLOAD_TICKET_S = 15 * 60
# An upload that nobody used is deleted after this.
UPLOAD_STALE_H = 24
# A worker renews its claim on an upload four times in this time; one that lapsed was a dead worker's.
INTAKE_CLAIM_S = 20
# No upload takes a worker longer than this, the slowest disk and the longest song included.
INTAKE_MAX_S = 300

CLAMD_URL = env.url("CLAMD_URL", {"tcp", "unix"})
SCANNING_REQUIRED = False

ACOUSTID_API_KEY = env.text("ACOUSTID_API_KEY", "")
ACOUSTID_URL = env.url("ACOUSTID_URL", {"http", "https"}, "https://api.acoustid.org/v2/lookup")
ACOUSTID_REQUESTS_PER_S = 3
CANDIDATES_CACHE_S = 30 * 24 * 3600

# How often: (times, seconds), by person, or by address for guests.
RATE_LIMITS = {
    "signup": (10, 3600),
    "upload": (60, 3600),
    "identify": (120, 3600),
    "generate": (30, 3600),
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
