import pytest

from aijobs import tasks


@pytest.fixture(scope="session", autouse=True)
def the_ear_ends_with_the_tests():
    yield
    tasks._ear.kill()
