"""A song goes in, a drum map comes out: in a real browser, on a real server, through reloads and dying workers."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Songs
from tests.journeys.site import Site

pytestmark = pytest.mark.browser

A_WHILE_MS = 120_000


def drop(page: Page, song: Path) -> None:
    """Choose a song on the home page and wait until it is recognised."""
    page.goto("/")
    page.set_input_files("input[type=file]", song)
    expect(page.get_by_role("button", name="Make the drum map")).to_be_visible(timeout=A_WHILE_MS)


def make_map(page: Page) -> None:
    page.get_by_role("button", name="Make the drum map").click()
    page.wait_for_url("**/jobs/*/")


def open_finished_map(page: Page) -> None:
    page.get_by_role("link", name="Play the map").click(timeout=A_WHILE_MS)
    page.wait_for_url("**/maps/*/")


def test_a_guest_drops_a_song_and_plays_its_map(page: Page, songs: Songs, tmp_path: Path):
    drop(page, songs.new("First Light"))
    expect(page.get_by_label("Title")).to_have_value("First Light")
    expect(page.get_by_label("Artist")).to_have_value("The Testers")
    page.get_by_label("Title").fill("First Light (live)")
    make_map(page)
    page.reload()
    open_finished_map(page)
    expect(page.get_by_role("heading", name="First Light (live)")).to_be_visible()

    page.get_by_role("button", name="Play", exact=True).click(timeout=A_WHILE_MS)
    expect(page.locator("[data-time]")).not_to_have_text("0:00.0")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    download.value.save_as(tmp_path / "map.bsm")
    document = json.loads((tmp_path / "map.bsm").read_text())
    assert document["version"].startswith("1.1")
    assert document["hitObjects"]
    assert document["metadata"]["title"] == "First Light (live)"


def test_a_worker_killed_while_it_listens_loses_nothing(page: Page, site: Site, songs: Songs):
    drop(page, songs.new("Second Wind", duration_s=240))
    make_map(page)
    expect(page.locator("[data-stage=transcribe][data-state=active]")).to_be_visible(timeout=A_WHILE_MS)
    site.kill_gpu_worker()
    open_finished_map(page)
    page.goto(page.url)
    expect(page.get_by_role("heading", name="Second Wind")).to_be_visible()
    page.get_by_role("link", name="The Testers").click()
    # died once, made once
    expect(page.get_by_role("list").get_by_role("link", name="Expert")).to_have_count(1)


def test_a_worker_killed_while_it_recognises_loses_nothing(page: Page, site: Site, songs: Songs):
    page.goto("/")
    page.set_input_files("input[type=file]", songs.new("Third Rail", duration_s=240))
    page.wait_for_url("**/uploads/*/")
    site.kill_light_worker()
    expect(page.get_by_role("button", name="Make the drum map")).to_be_visible(timeout=3 * A_WHILE_MS)


def test_the_same_song_in_another_file_is_recognised_and_played_at_once(page: Page):
    demo = Path(__file__).resolve().parents[2] / "maps" / "demo" / "paper-lanterns.mp3"
    page.goto("/")
    page.set_input_files("input[type=file]", demo)
    page.get_by_role("link", name="Play", exact=False).first.click(timeout=A_WHILE_MS)
    page.wait_for_url("**/maps/*/")
    expect(page.get_by_role("heading", name="Paper Lanterns")).to_be_visible()


def test_a_cancelled_job_stops_and_can_be_asked_for_again(page: Page, songs: Songs):
    drop(page, songs.new("Fourth Wall", duration_s=240))
    make_map(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("status").filter(has_text="Cancelled")).to_be_visible(timeout=A_WHILE_MS)
    page.reload()
    page.get_by_role("button", name="Try again").click()
    open_finished_map(page)


def test_a_page_that_lost_its_connection_catches_up(page: Page, songs: Songs):
    drop(page, songs.new("Fifth Gear", duration_s=120))
    make_map(page)
    page.context.set_offline(True)
    page.wait_for_timeout(3_000)
    page.context.set_offline(False)
    open_finished_map(page)


def test_a_text_file_called_mp3_is_refused_in_words(page: Page, tmp_path: Path):
    fake = tmp_path / "shopping list.mp3"
    fake.write_text("milk, eggs, drum sticks\n" * 400)
    page.goto("/")
    page.set_input_files("input[type=file]", fake)
    expect(page.get_by_text("This is not a sound file that we can read").first).to_be_visible(
        timeout=A_WHILE_MS
    )


def test_a_guest_tries_one_song_and_goes_on_after_signing_up(page: Page, songs: Songs):
    drop(page, songs.new("Sixth Sense"))
    make_map(page)
    expect(page.get_by_role("link", name="Play the map")).to_be_visible(timeout=A_WHILE_MS)
    page.goto("/")
    page.get_by_role("link", name="Sign up").first.click()
    page.get_by_label("Email").fill("sixth@example.org")
    page.get_by_label("Username").fill("sixth")
    page.get_by_label("Password").fill("paradiddle-4-ever")
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/")
    page.goto("/")
    expect(page.get_by_role("link", name="Sixth Sense").first).to_be_visible()
    drop(page, songs.new("Seventh Heaven"))
