from django.urls import path

from . import api

urlpatterns = [
    path("maps/<uuid:map_id>", api.MapView.as_view(), name="api_map"),
    path("maps/<uuid:map_id>/versions", api.VersionsView.as_view(), name="api_versions"),
    path("maps/<uuid:map_id>/versions/<int:number>", api.VersionView.as_view(), name="api_version"),
    path("maps/<uuid:map_id>/versions/<int:number>/export", api.ExportView.as_view(), name="api_export"),
    path("maps/<uuid:map_id>/audio", api.SoundsView.as_view(), name="api_sounds"),
]
