"""Every address of the site."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from . import health
from .pages import identify, problems

api: list[URLPattern | URLResolver] = [
    path("identify", identify.IdentifyView.as_view(), name="api_identify"),
    path("", include("catalog.urls")),
    path("", include("aijobs.urls")),
    path("", include("maps.urls")),
]

urlpatterns = [
    path("", include("beatsight.pages.urls")),
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("api/v1/", include(api)),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api_docs"),
    path("storage/", include("foundation.storage.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("", include("django_prometheus.urls")),
]

handler400 = problems.malformed
handler403 = problems.forbidden
handler404 = problems.not_found
handler500 = problems.broken
