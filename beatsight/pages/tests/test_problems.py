"""What Django itself refuses is refused in our words: as a problem under /api/, as a page elsewhere."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/api/v1/uploads/no-id", "/api/v1/nothing"])
def test_an_address_of_the_api_that_does_not_exist_is_a_problem(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_body_that_is_too_large_is_a_problem(client):
    body = b'{"filename": "' + b"a" * 3_000_000 + b'", "size": 3}'
    answer = client.post("/api/v1/uploads", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_method_that_an_address_does_not_know_is_named_in_plain_words(client):
    answer = client.delete("/api/v1/songs")
    assert (answer.status_code, answer.json()["title"]) == (405, "Method Not Allowed")


def test_a_foreign_host_gets_a_page_in_our_words(settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = Client().get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert b"This request makes no sense here." in answer.content
