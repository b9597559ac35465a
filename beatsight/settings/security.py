"""What a page may load. No inline script or style without a nonce, nothing from elsewhere but our S3."""

from csp.constants import NONCE, NONE, SELF

from .storage import S3_PUBLIC_URL

_sound = [S3_PUBLIC_URL] if S3_PUBLIC_URL else []

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "media-src": [SELF, "blob:", *_sound],
        "connect-src": [SELF, *_sound],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
