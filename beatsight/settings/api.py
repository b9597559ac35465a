"""Django REST framework and the OpenAPI document."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "allauth.headless.contrib.rest_framework.authentication.JWTTokenAuthentication",
        "foundation.http.authentication.BrowserSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["foundation.http.json.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["foundation.http.json.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "foundation.http.pagination.Cursor",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "foundation.http.problems.answer",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "BeatSight API",
    "DESCRIPTION": "Songs in, drum maps out. Errors are RFC 9457 problems; lists are cursors.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Several things have a state and a status; their kinds are named for clients that generate code.
    "ENUM_NAME_OVERRIDES": {
        "UploadState": "catalog.states.UploadState",
        "SongStatus": "catalog.states.SongStatus",
        "Genre": "catalog.genres.Genre",
        "JobState": "aijobs.states.JobState",
        "JobStage": "aijobs.states.Stage",
        "MapStatus": "maps.states.MapStatus",
        "Difficulty": "maps.states.Difficulty",
    },
}
