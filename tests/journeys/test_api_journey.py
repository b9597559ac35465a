"""The whole way through `/api/v1/` alone, as an app with a token: on the embedded default, and on servers by URL."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

import psycopg
import pytest

from tests.journeys.conftest import Songs
from tests.journeys.site import Site, running_site
from tests.peers import S3Server

ENDS_WITHIN_S = 180


class App:
    """A client that knows nothing but the API."""

    def __init__(self, site: Site):
        self.site, self.token = site, ""

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        content = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | headers
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = Request(urljoin(self.site.address, path), content, headers, method=method)
        try:
            with urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except HTTPError as refusal:
            return refusal.code, json.loads(refusal.read() or b"null")

    def sign_up(self) -> None:
        name = f"app-{uuid4().hex[:8]}"
        person = {"email": f"{name}@example.org", "username": name, "password": "paradiddle-4-ever"}
        status, answer = self.call("POST", "/_allauth/app/v1/auth/signup", person)
        assert status == 200, answer
        self.token = answer["meta"]["access_token"]

    def send(self, song: Path) -> dict:
        announced = {"filename": song.name, "size": song.stat().st_size, "content_type": "audio/mpeg"}
        status, ticket = self.call("POST", "/api/v1/uploads", announced, **{"Idempotency-Key": uuid4().hex})
        assert status == 201, ticket
        address = urljoin(self.site.address, ticket["url"])
        with urlopen(
            Request(address, song.read_bytes(), ticket["headers"], method=ticket["method"]), timeout=30
        ):
            pass
        self.call("POST", f"/api/v1/uploads/{ticket['id']}/complete", {})
        return self.until(f"/api/v1/uploads/{ticket['id']}", {"identified", "rejected"})

    def until(self, path: str, states: set[str]) -> dict:
        deadline = time.monotonic() + ENDS_WITHIN_S
        found: dict = {}
        while time.monotonic() < deadline:
            _, found = self.call("GET", path)
            if found.get("state") in states:
                return found
            time.sleep(0.3)
        raise AssertionError(f"{path} did not end: {found}")


def goes_the_whole_way(app: App, song: Path) -> None:
    app.sign_up()
    upload = app.send(song)
    assert upload["state"] == "identified", upload
    status, named = app.call("PATCH", f"/api/v1/songs/{upload['song']}", {"title": "Named by an app"})
    assert (status, named["title"]) == (200, "Named by an app")

    status, job = app.call("POST", f"/api/v1/songs/{upload['song']}/generate", {})
    assert status == 202, job
    status, refused = app.call("POST", f"/api/v1/songs/{upload['song']}/generate", {})
    assert (status, refused["code"]) == (409, "job_active")
    job = app.until(f"/api/v1/jobs/{job['id']}", {"complete", "failed"})
    assert job["state"] == "complete", job

    _, version = app.call("GET", f"/api/v1/maps/{job['map']}/versions/1?chart=1")
    assert version["source"] == "ai" and version["chart"]["notes"]
    _, document = app.call("GET", f"/api/v1/maps/{job['map']}/versions/1/export?format=bsm")
    assert document["metadata"]["title"] == "Named by an app"
    _, sounds = app.call("GET", f"/api/v1/maps/{job['map']}/audio")
    with urlopen(urljoin(app.site.address, sounds["song"]), timeout=30) as answer:
        assert answer.read() == song.read_bytes()
    with urlopen(urljoin(app.site.address, sounds["peaks"]), timeout=30) as answer:
        assert json.load(answer)["song"]


@pytest.mark.slow
def test_an_app_brings_a_song_and_takes_its_map_home(site: Site, songs: Songs):
    goes_the_whole_way(App(site), songs.new("Eighth Note"))


@pytest.fixture
def site_on_servers(s3_server: S3Server, tmp_path: Path) -> Iterator[Site]:
    """The site on PostgreSQL, Redis and S3, each named by its URL."""
    server = urlsplit(os.environ["DATABASE_URL"])

    def named(database: str) -> str:
        return server._replace(path=f"/{database}").geturl()

    name = f"beatsight_journey_{uuid4().hex[:8]}"
    with psycopg.connect(named("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    configuration = {
        "DATABASE_URL": named(name),
        "REDIS_URL": os.environ["REDIS_URL"],
        "S3_ENDPOINT_URL": s3_server.url,
        "AWS_ACCESS_KEY_ID": s3_server.access_key_id,
        "AWS_SECRET_ACCESS_KEY": s3_server.secret_access_key,
        "AWS_STORAGE_BUCKET_NAME": s3_server.bucket,
        "AWS_REGION": s3_server.region,
    }
    try:
        with running_site(tmp_path, configuration) as site:
            yield site
    finally:
        with psycopg.connect(named("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.s3
def test_the_same_way_leads_over_postgresql_redis_and_s3(site_on_servers: Site, songs: Songs):
    goes_the_whole_way(App(site_on_servers), songs.new("Ninth Wave"))
    assert list((site_on_servers.log.parent / "data").glob("storage/**/*.bsm")) == []
