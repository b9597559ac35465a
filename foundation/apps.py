from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class FoundationConfig(AppConfig):
    name = "foundation"

    def ready(self) -> None:
        # Every room may bring subscribers to events and topics for the live socket.
        autodiscover_modules("subscribers", "topics")
