from django.urls import path

from . import maps, songs, views

urlpatterns = [
    path("", views.home, name="home"),
    path("uploads/<uuid:upload_id>/", views.upload, name="upload"),
    path("uploads/<uuid:upload_id>/identify/", views.identify, name="upload_identify"),
    path("songs/", songs.song_list, name="song_list"),
    path("songs/<uuid:song_id>/", songs.song, name="song"),
    path("jobs/<uuid:job_id>/", songs.job, name="job"),
    path("jobs/<uuid:job_id>/cancel/", songs.cancel, name="job_cancel"),
    path("maps/<uuid:map_id>/", maps.play, name="map"),
    path("maps/<uuid:map_id>/map.bsm", maps.download, name="map_download"),
]
