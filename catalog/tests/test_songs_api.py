"""The catalogue over the API: finding songs, and saying what one is."""

import base64

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.services import hand_over
from catalog.models import Song
from foundation.models import OutboxEvent

from .factories import JSON, client_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    return person("ann")


@pytest.fixture
def song(ann) -> Song:
    return Song.objects.create(title="Untitled song", added_by=ann)


def named(title: str, artist: str = "Somebody", **more) -> Song:
    return Song.objects.create(**{"title": title, "artist": artist, "is_confirmed": True} | more)


def titles(query: str = "", client: Client | None = None) -> list[str]:
    return [each["title"] for each in (client or Client()).get(f"/api/v1/songs?{query}").json()["results"]]


def mend(client: Client, song: Song, **what):
    return client.patch(f"/api/v1/songs/{song.pk}", what, JSON)


def test_songs_are_listed_the_newest_first():
    named("One"), named("Two")
    assert titles() == ["Two", "One"]


def test_a_list_costs_one_query_however_long_it_is(django_assert_num_queries):
    for number in range(60):
        named(f"Song {number}")
    with django_assert_num_queries(1):
        assert len(titles()) == 50


def test_the_next_page_goes_on_where_the_first_one_ended():
    for number in range(5):
        named(f"Song {number}")
    first = Client().get("/api/v1/songs?page_size=3").json()
    second = Client().get(first["next"]).json()
    assert [each["title"] for each in first["results"] + second["results"]] == [
        f"Song {n}" for n in (4, 3, 2, 1, 0)
    ]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=strut", ["Cissy Strut"]),
        ("search=meters+CISSY", ["Cissy Strut"]),
        ("search=meters+hello", []),
        ("search=%07%25_", []),
        ("status=verified", ["Rosanna"]),
        ("genre=funk", ["Cissy Strut"]),
        ("ordering=title", ["Cissy Strut", "Rosanna"]),
        ("ordering=-title", ["Rosanna", "Cissy Strut"]),
        ("status=archived", ["Old"]),
    ],
)
def test_songs_are_found_by_words_status_and_genre(query, found):
    named("Cissy Strut", "The Meters", genre="funk")
    named("Rosanna", "Toto", status="verified")
    named("Old", status="archived")
    assert titles(query) == found


@pytest.mark.parametrize("query", ["status=lost", "genre=noise", "search=" + "x" * 300])
def test_a_senseless_question_is_refused(query):
    answer = Client().get(f"/api/v1/songs?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [query.partition("=")[0]])


@pytest.mark.parametrize("position", [b"p=never", b"p=%00", b"nonsense"])
def test_a_made_up_cursor_is_refused(position):
    named("One")
    answer = Client().get("/api/v1/songs", {"cursor": base64.b64encode(position).decode()})
    assert answer.status_code in (200, 404)


def test_a_song_that_nobody_has_named_is_shown_to_whoever_brought_it_only(song, ann):
    assert titles() == []
    assert titles(client=client_of(person("otto"))) == []
    assert titles(client=client_of(ann)) == ["Untitled song"]


def test_a_song_is_shown_with_its_recordings(song):
    song.recordings.create(fingerprint=b"", fingerprint_hash="h", duration_ms=1000)
    answer = Client().get(f"/api/v1/songs/{song.pk}").json()
    assert [each["duration_ms"] for each in answer["recordings"]] == [1000]


def test_a_song_that_has_not_changed_is_not_sent_again(song):
    etag = Client().get(f"/api/v1/songs/{song.pk}")["ETag"]
    assert Client().get(f"/api/v1/songs/{song.pk}", headers={"If-None-Match": etag}).status_code == 304
    Song.objects.update(title="Other")
    assert Client().get(f"/api/v1/songs/{song.pk}", headers={"If-None-Match": etag}).status_code == 200


def test_a_song_that_never_was_is_not_there():
    answer = Client().get("/api/v1/songs/00000000-0000-0000-0000-000000000000")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_whoever_added_a_song_says_what_it_is(song, ann):
    answer = mend(
        client_of(ann), song, title="  Bell\u0000 ".replace("\u0000", "\t"), artist="Ann", genre="jazz"
    )
    body = answer.json()
    assert (body["title"], body["artist"], body["genre"], body["is_confirmed"]) == (
        "Bell",
        "Ann",
        "jazz",
        True,
    )
    told = OutboxEvent.objects.get(name="catalog.events.SongConfirmed").payload
    assert told == {"song_id": str(song.pk), "person_id": str(ann.pk)}


def test_what_is_left_out_stays_as_it_is(song, ann):
    Song.objects.update(title="Bell", artist="Ann", genre="jazz")
    mend(client_of(ann), song, genre="")
    song.refresh_from_db()
    assert (song.title, song.artist, song.genre) == ("Bell", "Ann", "")


@pytest.mark.parametrize(
    ("what", "status", "field"),
    [
        ({"title": "x" * 201}, 422, "title"),
        ({"artist": "x" * 10_000}, 422, "artist"),
        ({"title": ""}, 400, "title"),
        ({"title": None}, 400, "title"),
        ({"title": ["x"]}, 400, "title"),
        ({"genre": "noise"}, 400, "genre"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(song, ann, what, status, field):
    answer = mend(client_of(ann), song, **what)
    assert (answer.status_code, list(answer.json()["errors"])) == (status, [field])
    song.refresh_from_db()
    assert not song.is_confirmed


def test_somebody_else_may_not_rename_a_song(song):
    answer = mend(client_of(person("otto")), song, title="Mine")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_song")


def test_a_song_with_a_verified_map_keeps_its_name(song, ann):
    Song.objects.update(status="verified")
    assert mend(client_of(ann), song, title="Other").status_code == 403


def test_a_curator_may_rename_any_song(song):
    curator = person("cora")
    curator.user_permissions.add(Permission.objects.get(codename="change_song"))
    Song.objects.update(status="verified")
    assert mend(client_of(curator), song, title="Other").json()["title"] == "Other"


def test_nobody_renames_without_signing_in(song):
    assert mend(Client(), song, title="Other").status_code == 401


def test_what_a_guest_named_belongs_to_the_account_that_they_sign_in_to(ann):
    guest = person("guest-1", is_guest=True)
    song = Song.objects.create(title="Bell", added_by=guest)
    hand_over(guest, to=ann)
    song.refresh_from_db()
    assert song.added_by == ann
