from django.urls import path

from . import api

urlpatterns = [
    path("uploads", api.UploadsView.as_view(), name="api_uploads"),
    path("uploads/<uuid:upload_id>", api.UploadView.as_view(), name="api_upload"),
    path("uploads/<uuid:upload_id>/complete", api.UploadCompleteView.as_view(), name="api_upload_complete"),
    path("songs", api.SongsView.as_view(), name="api_songs"),
    path("songs/<uuid:song_id>", api.SongView.as_view(), name="api_song"),
]
