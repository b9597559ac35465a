from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "beatsight.pages"
    label = "pages"
