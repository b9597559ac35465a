"""A running site and a real browser for the journeys, and songs to bring."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from decoding.tests.sounds import make_song, write_audio
from tests.journeys.site import Site, running_site

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, CHROMIUM_NAMES)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    """A fresh browser that nobody has signed in with. Whatever a script throws fails the journey."""
    context = chromium.new_context(base_url=site.address, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(60_000)
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    yield page
    context.close()
    # Chromium says this where a page's own transition is cut short by the next one; nothing is broken.
    assert [
        error for error in thrown if "ViewTransition" not in error and "Transition was" not in error
    ] == []


@pytest.fixture(scope="session")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Songs"]:
    yield Songs(tmp_path_factory.mktemp("songs"))


class Songs:
    """Songs that nobody has brought before, as mp3 files."""

    def __init__(self, folder: Path):
        self.folder, self.made = folder, 0

    def new(self, title: str, duration_s: float = 30.0) -> Path:
        self.made += 1
        path = self.folder / f"The Testers - {title}.mp3"
        return write_audio(path, make_song(9000 + self.made, duration_s), "-b:a", "128k")
