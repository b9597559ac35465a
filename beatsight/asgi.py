"""HTTP to Django, the one WebSocket to the notifications room."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beatsight.settings.dev")
django_application = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.conf import settings  # noqa: E402

from foundation.http.body_limit import BodyLimit  # noqa: E402
from notifications.bearer import AppOrBrowser  # noqa: E402
from notifications.routing import websocket_urlpatterns  # noqa: E402

# A song may be as large as an upload; everything else is small.
http = BodyLimit(django_application, {"/storage/put/": settings.UPLOAD_MAX_BYTES})

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AppOrBrowser(URLRouter(websocket_urlpatterns)),
    }
)
