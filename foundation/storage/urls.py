from django.urls import path

from . import views

urlpatterns = [
    path("put/<str:ticket>", views.put, name="storage_put"),
    path("get/<str:ticket>", views.get, name="storage_get"),
]
