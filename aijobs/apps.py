from django.apps import AppConfig


class AiJobsConfig(AppConfig):
    name = "aijobs"
    verbose_name = "AI jobs"
