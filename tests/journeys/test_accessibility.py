"""Every page passes axe's rules of WCAG 2.2 AA, dark and light, on a phone and on a desk, and fits 320 pixels."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.journeys.site import Site

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = ["/", "/songs/", "/accounts/login/", "/accounts/signup/", "/nothing-here/", "song", "map"]


def address_of(page_name: str, site: Site, page) -> str:
    """The demo song and its map are found as a person finds them: from the home page."""
    if page_name.startswith("/"):
        return page_name
    page.goto("/")
    page.get_by_role("link", name="Paper Lanterns").first.click()
    page.wait_for_url("**/maps/*/")
    if page_name == "map":
        return page.url
    page.get_by_role("link", name="BeatSight House Band").click()
    page.wait_for_url("**/songs/*/")
    return page.url


@pytest.mark.parametrize(("scheme", "width"), [("dark", 1280), ("light", 390)])
@pytest.mark.parametrize("page_name", PAGES)
def test_a_page_has_no_barrier(chromium: Browser, site: Site, page_name: str, scheme, width: int):
    viewport = {"width": width, "height": 800}
    context = chromium.new_context(base_url=site.address, viewport=viewport, color_scheme=scheme)
    page = context.new_page()
    page.goto(address_of(page_name, site, page))
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, options=RULES)
    context.close()
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("page_name", PAGES)
def test_a_page_fits_the_narrowest_phone(chromium: Browser, site: Site, page_name: str):
    context = chromium.new_context(base_url=site.address, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(address_of(page_name, site, page))
    overflow_px = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    context.close()
    assert overflow_px <= 0
