"""The published site in a real browser: no request to anyone else, no policy violated, readable by everyone."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hostile_edition import hostile
from invented_edition import SITE, invented
from newsloom.adapters.files.site_folder import PublishedFolder
from newsloom.adapters.http.serve import serve_site
from newsloom.model.portal import Edition, SiteOptions
from newsloom.publish.outlets import outlets
from shared_data import shared

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = ("", "stories/sbig/", "news/2026-03-10-item-3/", "news/2026-03-08-item-14/", "news/2026-03-08-item-19/", "topics/", "topics/ai/", "topics/ai/page/1/",
         "archive/", "archive/2026/03/", "archive/2026/03/06/", "search/", "search/?q=council", "about/", "nowhere/")  # fmt: skip

pytestmark = pytest.mark.browser

if not CHROMIUM.exists():
    if os.environ.get("NEWSLOOM_REQUIRE_BROWSER") == "1":
        pytest.fail(f"no Chromium at {CHROMIUM}", pytrace=False)
    pytest.skip(f"no Chromium at {CHROMIUM}", allow_module_level=True)

from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402 - only where there is a browser for it

_ATTACKS = 300
_ITEM_PAGES = 40


class Serving:
    """Serves a published portal from a thread of its own."""

    def __init__(self, folder: Path, site: SiteOptions, edition: Edition | None = None) -> None:
        edition = edition or invented(site)
        PublishedFolder(folder).publish(chain.from_iterable(outlet.files(edition) for outlet in outlets(site, {})))
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()

        def known(address: str) -> None:
            self.address = address
            ready.set()

        def work() -> None:
            asyncio.set_event_loop(self._loop)
            self._task = self._loop.create_task(serve_site(folder, port=0, base_path=site.base_path, ready=known))
            with contextlib.suppress(asyncio.CancelledError):
                self._loop.run_until_complete(self._task)
            self._loop.close()

        self._thread = threading.Thread(target=work)
        self._thread.start()
        assert ready.wait(20)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    serving = Serving(tmp_path_factory.mktemp("site"), SITE)
    yield serving.address
    serving.close()


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    serving = Serving(
        tmp_path_factory.mktemp("arabic"),
        replace(SITE, language="ar", title="سجل الوجوه", description="من يراقب ومن يعترض"),
    )
    yield serving.address
    serving.close()


def width_left_over(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def luminance(page: Page) -> float:
    """Return how bright the page's ground is, 0..255, whatever colour space it is computed in."""
    shot = page.evaluate(
        """() => { const c = document.createElement('canvas').getContext('2d');
        c.fillStyle = getComputedStyle(document.documentElement).backgroundColor; c.fillRect(0, 0, 1, 1);
        return [...c.getImageData(0, 0, 1, 1).data.slice(0, 3)]; }"""
    )
    return sum(shot) / 3


@pytest.mark.parametrize("width", [360, 1280])
def test_no_foreign_request_no_error_no_violation_no_sideways_scroll(
    browser: Browser, address: str, width: int
) -> None:
    host = urlsplit(address).netloc
    page = browser.new_page(viewport={"width": width, "height": 800})
    requests: list[str] = []
    troubles: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on(
        "console",
        lambda message: (
            troubles.append(f"{page.url}: {message.text}") if message.type in ("error", "warning") else None
        ),
    )
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    for path in PAGES:
        answer = page.goto(address + path, wait_until="networkidle")
        assert answer is not None and answer.status == (404 if path == "nowhere/" else 200)
        assert width_left_over(page) <= 0, path
    page.close()
    assert {urlsplit(url).netloc for url in requests} == {host}
    assert [line for line in troubles if "nowhere/" not in line] == []


def test_search_by_keyboard_alone(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.focus(".quick input")
    page.keyboard.type("stadium cameras")
    page.keyboard.press("Enter")
    page.wait_for_selector("#results .row")
    assert page.url.startswith(address + "search/?q=stadium")
    assert "judge lets suit over stadium cameras" in page.inner_text("#results .row:first-child .headline")
    page.focus("#q")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("人脸识别")
    expect(page.locator("#results .row")).to_have_count(1)
    assert page.inner_text("#status") == "Results: 1"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/news/2026-03-08-item-16/")
    page.close()


def test_search_result_is_text_never_html(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    page.goto(address + "search/?q=%3Cscript%3Ealert")
    page.wait_for_selector("#results .row")
    assert '<script>alert("x")</script>' in page.inner_text("#results .headline")
    page.goto(address + "search/?q=nothing+of+this+kind")
    expect(page.locator("#status")).to_have_text("Nothing found.")
    page.close()


def test_everything_can_be_read_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.inner_text(".lead .headline").startswith("Coalition of seventy-five groups")
    page.click(".lead .why summary")
    assert "independent coverage +60" in page.inner_text(".lead .why dl")
    page.click(".lead .headline a")
    assert page.locator(".timeline > li").count() == 5
    page.goto(address + "search/")
    assert "Searching needs JavaScript" in page.inner_text("main")
    page.click("main a[href$='/archive/']")
    assert page.inner_text("h1") == "Archive"
    context.close()


def test_dark_and_light_follow_the_reader(browser: Browser, address: str) -> None:
    page = browser.new_page(color_scheme="light")
    page.goto(address)
    assert luminance(page) > 200
    page.emulate_media(color_scheme="dark")
    assert luminance(page) < 50
    page.close()


def test_small_text_has_contrast_in_both_schemes(browser: Browser, address: str) -> None:
    measure = """selector => {
      const rgb = colour => { const c = document.createElement('canvas').getContext('2d', {willReadFrequently: true}); c.fillStyle = colour; c.fillRect(0, 0, 1, 1); return c.getImageData(0, 0, 1, 1).data; };
      const light = data => { const [r, g, b] = [0, 1, 2].map(i => { const v = data[i] / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      const text = light(rgb(getComputedStyle(document.querySelector(selector)).color));
      const ground = light(rgb(getComputedStyle(document.documentElement).backgroundColor));
      return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05); }"""
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(address)
        for selector in (".meta time", ".kicker a", ".why summary", ".foot p", ".excerpt"):
            # WCAG 2.2, success criterion 1.4.3.
            assert page.evaluate(measure, selector) >= 4.5, (scheme, selector)
        page.close()


def test_right_to_left_site_mirrors(browser: Browser, arabic: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(arabic)
    lead, rail = page.locator(".foremost").bounding_box(), page.locator(".rail").bounding_box()
    assert lead is not None and rail is not None and rail["x"] < lead["x"]
    page.set_viewport_size({"width": 360, "height": 740})
    assert width_left_over(page) <= 0
    page.goto(arabic + "stories/sbig/")
    assert page.inner_text(".badge.first") == "أول من نقل الخبر"
    assert width_left_over(page) <= 0
    page.close()


def test_skip_link_is_the_first_stop_and_focus_is_seen(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box is not None and box["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.close()


def test_print_leaves_navigation_out_and_names_the_address(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address + "news/2026-03-10-item-3/")
    page.emulate_media(media="print")
    assert not page.locator(".bar").is_visible() and not page.locator(".foot").is_visible()
    assert "https://dunmoreledger.example/2026/3" in page.evaluate(
        "getComputedStyle(document.querySelector('.call a'), '::after').content"
    )
    page.close()


def test_no_attack_opens_a_dialog_or_asks_for_anything(browser: Browser, tmp_path: Path) -> None:
    """Some hundred attacks in every field of their records, on all kinds of pages."""
    lines = shared("suites", "xss", "vectors.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line)["v"] for line in lines]
    edition = hostile(list(dict.fromkeys(rows[:: len(rows) // _ATTACKS])))
    serving = Serving(tmp_path / "_site", edition.site, edition)
    site = (tmp_path / "_site").rglob("index.html")
    pages = sorted(path.parent.relative_to(tmp_path / "_site").as_posix() + "/" for path in site)
    items = [page for page in pages if page.startswith("news/")]
    # Lists show every row; of the items' own pages, which are all made by one template, some.
    visited = [page for page in pages if not page.startswith("news/")] + items[:: max(1, len(items) // _ITEM_PAGES)]
    dialogs: list[str] = []
    requests: list[str] = []
    try:
        page = browser.new_page()
        page.on("dialog", lambda dialog: (dialogs.append(f"{page.url}: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: requests.append(request.url))
        for path in [*visited, "search/?q=alert", "search/?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"]:
            page.goto(serving.address + path.removeprefix("./"), wait_until="load")
            page.mouse.move(300, 300)  # what waits for a mouse gets it
        page.wait_for_timeout(300)
        page.close()
    finally:
        serving.close()
    assert len(visited) > _ITEM_PAGES
    assert dialogs == []
    assert {urlsplit(url).netloc for url in requests} == {urlsplit(serving.address).netloc}
