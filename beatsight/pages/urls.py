from django.shortcuts import render
from django.urls import path

# wired fully once every room has its services
urlpatterns = [path("", lambda request: render(request, "pages/home.html", {}), name="home")]
