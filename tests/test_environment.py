"""A value that is missing or makes no sense stops the start with its name and the remedy."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from beatsight.settings import environment


def test_a_missing_value_is_named(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        environment.text("SECRET_KEY")


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("BEATSIGHT_FREE_RUNS_A_MONTH", "many", lambda n: environment.whole_number(n, None)),
        ("REDIS_URL", "localhost:6379", lambda n: environment.url(n, {"redis", "unix"})),
        ("DEBUG", "perhaps", lambda n: environment.flag(n, False)),
    ],
)
def test_a_senseless_value_is_named_with_what_it_should_be(monkeypatch, name, value, read):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"{name} is '{value}', but must"):
        read(name)


def test_a_database_address_is_taken_apart(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://ann:p%40ss@db.example:5433/beats")
    found = environment.database(tmp_path)
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "ann", "p@ss", "db.example", "5433", "beats",
    )  # fmt: skip


def test_without_an_address_sqlite_queues_its_writers(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    found = environment.database(tmp_path)
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_secret_is_made_once_and_kept(tmp_path):
    first = environment.kept_secret(tmp_path / "key", lambda: "one")
    assert environment.kept_secret(tmp_path / "key", lambda: "two") == first == "one"
