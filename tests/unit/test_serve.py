"""The static server: right headers, nothing outside the folder, and 304 for what did not change."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest
from aiohttp import ClientSession
from yarl import URL

from newsloom.adapters.files.site_link import PublishedLink
from newsloom.adapters.http.serve import _HEADERS, content_type, serve_site
from newsloom.model.portal import PublishedFile
from newsloom.publish.site import CONTENT_POLICY
from shared_data import shared

Ask = Callable[..., Awaitable[tuple[int, Mapping[str, str], bytes]]]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "_site"
    for name, text in {
        "index.html": "front",
        "404.html": "missing",
        "news/é x/index.html": "item",
        "feed.xml": "<rss/>",
        "assets/site.css": "p{}",
        ".newsloom-manifest.json": "{}",
        "news/.hidden/index.html": "no",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (tmp_path / "secret.txt").write_text("secret")
    (root / "out.txt").symlink_to(tmp_path / "secret.txt")
    (root / "empty").mkdir()
    return root


def served(site: Path, base_path: str, talk: Callable[[Ask], Awaitable[None]]) -> None:
    async def run() -> None:
        address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        server = asyncio.create_task(serve_site(site, port=0, base_path=base_path, ready=address.set_result))
        base = await address
        async with ClientSession() as session:

            async def ask(path: str, method: str = "GET", **headers: str) -> tuple[int, Mapping[str, str], bytes]:
                url = URL(base.removesuffix(base_path.strip("/") + "/").rstrip("/") + path, encoded=True)
                async with session.request(
                    method, url, headers={k.replace("_", "-"): v for k, v in headers.items()}, allow_redirects=False
                ) as answer:
                    return answer.status, answer.headers, await answer.read()

            await talk(ask)
        server.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await server

    asyncio.run(run())


def test_pages_with_their_types_and_strict_headers(site: Path) -> None:
    async def talk(ask: Ask) -> None:
        status, headers, body = await ask("/")
        assert (status, body) == (200, b"front")
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert (
            "default-src 'none'" in headers["Content-Security-Policy"]
            and "unsafe" not in headers["Content-Security-Policy"]
        )
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert (await ask("/news/%C3%A9%20x/"))[2] == b"item"
        assert (await ask("/feed.xml"))[1]["Content-Type"] == "application/rss+xml; charset=utf-8"
        assert (await ask("/assets/site.css"))[1]["Content-Type"] == "text/css; charset=utf-8"

    served(site, "", talk)


def test_unchanged_page_is_304(site: Path) -> None:
    async def talk(ask: Ask) -> None:
        tag = (await ask("/"))[1]["ETag"]
        assert (await ask("/", If_None_Match=tag))[0] == 304
        assert (await ask("/", If_None_Match=f'"old", W/{tag}'))[0] == 304
        (site / "index.html").write_text("fresh")
        status, headers, body = await ask("/", If_None_Match=tag)
        assert (status, body) == (200, b"fresh") and headers["ETag"] != tag

    served(site, "", talk)


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/a/%2e%2e/%2e%2e/secret.txt", "/..%5csecret.txt", "/out.txt", "/.newsloom-manifest.json",
     "/news/.hidden/", "/%00", "//index.html", "/empty/", "/index.html/", "/news/%C3%A9%20x/index.html/x", "/" + "x" * 3000, "/%ff"],
)  # fmt: skip
def test_what_is_not_published_is_404_with_the_sites_page(site: Path, path: str) -> None:
    async def talk(ask: Ask) -> None:
        status, headers, body = await ask(path)
        assert (status, body) == (404, b"missing")
        assert headers["X-Content-Type-Options"] == "nosniff"

    served(site, "", talk)


def test_folder_without_slash_is_sent_to_the_one_with(site: Path) -> None:
    async def talk(ask: Ask) -> None:
        status, headers, _ = await ask("/news/%C3%A9%20x?q=1")
        assert (status, headers["Location"]) == (308, "/news/%C3%A9%20x/?q=1")

    served(site, "", talk)


def test_base_path(site: Path) -> None:
    async def talk(ask: Ask) -> None:
        assert (await ask("/portal/"))[2] == b"front"
        assert (await ask("/"))[1]["Location"] == "/portal/" == (await ask("/portal"))[1]["Location"]
        assert (await ask("/portalx/"))[0] == (await ask("/feed.xml"))[0] == 404
        assert (await ask("/portal/feed.xml"))[0] == 200

    served(site, "/portal", talk)


def test_only_reading_is_answered(site: Path) -> None:
    async def talk(ask: Ask) -> None:
        assert (await ask("/", "POST"))[:1] == (405,)
        status, headers, body = await ask("/", "HEAD")
        assert (status, body, headers["Content-Length"]) == (200, b"", "5")

    served(site, "", talk)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("x.webp", "image/webp"),
        ("x.JSON", "application/json; charset=utf-8"),
        ("feed.json", "application/feed+json; charset=utf-8"),
        ("x.nothing", "application/octet-stream"),
    ],
)
def test_content_types(name: str, told: str) -> None:
    assert content_type(name) == told


def test_a_site_that_is_replaced_meanwhile_is_followed(tmp_path: Path) -> None:
    link = PublishedLink(tmp_path / "_site", tmp_path / ".site")
    link.publish(iter([PublishedFile("index.html", b"one"), PublishedFile("news/a/index.html", b"a")]))

    async def talk(ask: Ask) -> None:
        assert (await ask("/"))[2] == b"one"
        link.publish(iter([PublishedFile("index.html", b"two")]))  # the folder that was served until now is gone
        assert (await ask("/"))[2] == b"two"
        assert (await ask("/news/a/"))[0] == 404

    served(tmp_path / "_site", "", talk)


def test_no_address_leads_to_another_site(site: Path) -> None:
    """Of all known tricks, none makes the server name an address that is not its own."""
    asked = shared("suites", "open-redirect", "redirects.txt").read_text("utf-8", "replace").splitlines()

    async def talk(ask: Ask) -> None:
        for trick in asked:
            for path in {trick, "/" + trick.lstrip("/"), "//" + trick.lstrip("/")}:
                if (
                    path.startswith("/")
                    and path.isprintable()
                    and path.isascii()
                    and " " not in path
                    and "#" not in path
                ):
                    status, headers, _ = await ask(path)
                    assert "Location" not in headers or (status, headers["Location"][:2] == "//") == (308, False), path

    served(site, "", talk)


def test_the_guide_for_other_servers_names_what_this_one_sends() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs/how-to/headers.md").read_text("utf-8")
    table, *servers = guide.split("\n## ")
    for name, value in _HEADERS.items():
        assert f"| `{name}` | `{value}`" in table
        for server in servers[:3]:
            assert re.search(rf'{name} "?{re.escape(value)}"?', server), (name, server[:10])
    assert _HEADERS["Content-Security-Policy"] == CONTENT_POLICY + "; frame-ancestors 'none'"
