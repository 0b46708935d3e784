"""What the invented web answers: a pure function of the request and the moment."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlsplit

from newsloom.demo import feeds, pages, pictures
from newsloom.demo.world import Article, Provider, World

PICTURE_HOST = "pictures.example"


@dataclass(frozen=True, slots=True)
class Answer:
    """A response. `hang_up` closes the connection without one."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    hang_up: bool = False


def hosts(world: World) -> tuple[str, ...]:
    """Return every host name of the invented web, sorted."""
    return tuple(
        sorted(
            {PICTURE_HOST, *(p.host for p in world.providers.values()), *(p.domain for p in world.providers.values())}
        )
    )


def answer(world: World, host: str, target: str, headers: Mapping[str, str], now: datetime) -> Answer:
    """Return what *host* says at *now* to a GET of *target* (path and query).

    Args:
        headers: request headers, names in lower case; If-None-Match, If-Modified-Since and Accept-Encoding count.
    """
    if host == PICTURE_HOST:
        return _finish(_picture(urlsplit(target).path, PICTURE_HOST), headers)
    provider = next((p for p in world.providers.values() if host in (p.host, p.domain)), None)
    if provider is None:
        return _text(421, "This server knows no such host.")
    out_of_order = _out_of_order(provider, now)
    if out_of_order:
        return out_of_order
    if host != provider.host:
        return Answer(301, headers={"Location": f"http://{provider.host}{target}"})
    return _finish(_content(world, provider, target, now), headers)


def _out_of_order(provider: Provider, now: datetime) -> Answer | None:
    if provider.unreachable:
        return Answer(0, hang_up=True)
    if provider.broken:
        return _text(500, "Internal Server Error")
    if provider.gone and now >= provider.gone:
        return _text(410, "Evening Ferry has ceased publication. Thank you for reading.")
    for start, end in provider.throttled:
        if start <= now < end:
            seconds = str(int((end - now).total_seconds()))
            return Answer(429, b"Too many requests", {"Retry-After": seconds, "Content-Type": "text/plain"})
    return None


def _content(world: World, provider: Provider, target: str, now: datetime) -> Answer:
    parts = urlsplit(target)
    path = parts.path
    if path == "/robots.txt":
        return Answer(200, provider.robots.encode(), {"Content-Type": "text/plain"})
    if path == "/":
        return _html(provider, pages.home(world, provider, now))
    if path == provider.feed_path:
        body, content_type = feeds.feed(world, provider, now)
        newest = [article.at(now).since for article in world.of(provider.id, now)]
        return Answer(200, body, {"Content-Type": content_type, **_last_modified(max(newest, default=None))})
    if path.startswith(("/static/", "/media/")):
        return _picture(path, provider.name)
    for article in world.of(provider.id, now):
        found = _article(world, article, target, now)
        if found:
            return found
    return _html(
        provider, b"<html><head><title>Not found</title></head><body><h1>Page not found</h1></body></html>", 404
    )


def _article(world: World, article: Article, target: str, now: datetime) -> Answer | None:
    """Answer when *target* is an address of *article*; tracking parameters on it do not matter."""
    wanted = re.sub(r"[?&]utm_.*$", "", target)
    if article.redirect_url and wanted == _target(article.redirect_url):
        return Answer(301, headers={"Location": article.url})
    changed = _last_modified(article.at(now).since)
    if wanted == _target(article.url):
        return _html(article.provider, pages.page(world, article, now), more=changed)
    if article.amp_url and wanted == _target(article.amp_url):
        return _html(article.provider, pages.amp_page(world, article, now), more=changed)
    return None


def _target(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _picture(path: str, name: str) -> Answer:
    if path == "/static/logo.png":
        return Answer(200, pictures.logo(name), {"Content-Type": "image/png"})
    if path == "/placeholder.png":
        return Answer(200, pictures.placeholder(), {"Content-Type": "image/png"})
    sized = re.fullmatch(r"/\w+/(\d{4,6})-(\d{3,4})x(\d{3,4})\.jpg", path)
    if not sized:
        return _text(404, "no such picture")
    seed = f"{name}/{path.split('/')[1]}/{sized[1]}"
    return Answer(200, pictures.photograph(seed, int(sized[2]), int(sized[3])), {"Content-Type": "image/jpeg"})


def _html(provider: Provider, body: bytes, status: int = 200, more: Mapping[str, str] | None = None) -> Answer:
    # The old and the Japanese provider name their encoding in the page only.
    charset = "" if provider.charset != "utf-8" else "; charset=utf-8"
    return Answer(status, body, {"Content-Type": f"text/html{charset}", **(more or {})})


def _text(status: int, text: str) -> Answer:
    return Answer(status, text.encode(), {"Content-Type": "text/plain; charset=utf-8"})


def _last_modified(instant: datetime | None) -> dict[str, str]:
    return {"Last-Modified": format_datetime(instant.astimezone(UTC), usegmt=True)} if instant else {}


def _finish(found: Answer, headers: Mapping[str, str]) -> Answer:
    """Add a validator, answer 304 where the asker has it already, and compress text."""
    if found.status != 200:
        return found
    etag = f'"{hashlib.sha256(found.body).hexdigest()[:20]}"'
    told = {**found.headers, "ETag": etag, "Vary": "Accept-Encoding"}
    if _is_known(etag, found.headers.get("Last-Modified"), headers):
        return Answer(304, b"", {"ETag": etag})
    if "gzip" in headers.get("accept-encoding", "") and not found.headers["Content-Type"].startswith("image/"):
        return Answer(200, gzip.compress(found.body, 6, mtime=0), {**told, "Content-Encoding": "gzip"})
    return Answer(200, found.body, told)


def _is_known(etag: str, changed: str | None, headers: Mapping[str, str]) -> bool:
    if "if-none-match" in headers:  # RFC 9110, section 13.2.2: If-Modified-Since counts only without it
        return etag in headers["if-none-match"]
    since = headers.get("if-modified-since")
    if not since or not changed:
        return False
    try:
        return parsedate_to_datetime(changed) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
