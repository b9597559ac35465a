import pytest
from django.core.cache import cache
from django.test import Client

from foundation.storage import storage

from .factories import Sender, client_of, person


@pytest.fixture
def place(settings, tmp_path):
    """The local storage, empty; limits and remembered candidates as on the first day."""
    settings.S3_ENDPOINT_URL = ""
    settings.STORAGE_DIR = tmp_path / "storage"
    settings.CLAMD_URL = settings.ACOUSTID_API_KEY = ""
    cache.clear()
    return storage()


@pytest.fixture
def dora(transactional_db):
    return person("dora")


@pytest.fixture
def sender(place, dora) -> Sender:
    """Somebody who has signed in and sends songs; tasks run at once, where they are asked for."""
    return Sender(client_of(dora))


@pytest.fixture
def guest(place, transactional_db) -> Sender:
    return Sender(Client())
