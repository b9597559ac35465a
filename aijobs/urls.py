from django.urls import path

from . import api

urlpatterns = [
    path("songs/<uuid:song_id>/generate", api.GenerateView.as_view(), name="api_generate"),
    path("jobs/<uuid:job_id>", api.JobView.as_view(), name="api_job"),
    path("jobs/<uuid:job_id>/cancel", api.CancelView.as_view(), name="api_job_cancel"),
]
