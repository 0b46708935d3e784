"""A small static server for looking at a portal, and good enough to stand behind a proxy: strict headers, no surprises."""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
import socket
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Pages carry no version in their names: ask again each time, and be told 304.
    "Cache-Control": "no-cache",
}
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
_TYPES_BY_NAME = {
    "feed.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
}
_READ_AT_ONCE_BYTES = 64 * 1024 * 1024


def content_type(name: str) -> str:
    """Return the Content-Type for a file of *name*."""
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return _TYPES_BY_NAME.get(name) or _TYPES.get(Path(name).suffix.lower(), guessed)


def _find(root: Path, asked: str) -> Path | str | None:
    """Return the file that answers *asked* (percent-decoded, without the base path); `…/` to redirect to; None for nothing."""
    parts = asked.split("/")
    if any(part.startswith(".") or "\\" in part or "\x00" in part for part in parts):
        return None
    if "//" in asked:
        return None
    found = root.joinpath(*filter(None, parts))
    try:
        real = found.resolve()
        if real != root and root not in real.parents:
            return None
        if real.is_dir():
            return real / "index.html" if asked.endswith("/") else asked + "/"
        return real if real.is_file() and not asked.endswith("/") else None
    except OSError:  # a name too long for the file system, a loop of links
        return None


def _found(folder: Path, asked: str) -> tuple[Path | str | None, bytes | None, bytes | None]:
    """Return what answers *asked* as `_find` does, its bytes, and else those of the site's own page for what is missing.

    The folder may be a link that a publishing replaces meanwhile: what is missing where it led is looked for where it leads.
    """
    while True:
        root = folder.resolve()
        found = _find(root, asked)
        if isinstance(found, str):
            return found, None, None
        body = _read(found) if found is not None else None
        missing = _read(root / "404.html") if body is None else None
        if body is not None or folder.resolve() == root:
            return found, body, missing


def site_app(folder: Path, base_path: str = "") -> web.Application:
    """Return an application that serves *folder* under *base_path* ("" or `/portal`), GET and HEAD only."""
    base = "/" + base_path.strip("/") if base_path.strip("/") else ""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.method not in ("GET", "HEAD"):
            return _headed(web.Response(status=405, headers={"Allow": "GET, HEAD"}, text="405 Method Not Allowed\n"))
        path = request.path
        if base and path in ("/", base):
            return _headed(web.Response(status=307, headers={"Location": base + "/"}))
        inside = path.removeprefix(base) if path.startswith(base + "/") else None
        # What lies outside of the base path is asked for as a name that no site has.
        found, body, missing = await asyncio.to_thread(_found, folder, inside if inside is not None else "/.")
        if isinstance(found, str):
            query = f"?{request.rel_url.raw_query_string}" if request.rel_url.raw_query_string else ""
            return _headed(web.Response(status=308, headers={"Location": request.rel_url.raw_path + "/" + query}))
        if found is None or body is None:
            return _headed(
                web.Response(status=404, body=missing or b"404 Not Found\n", headers={"Content-Type": _TYPES[".html"]})
            )
        return _file(request, found.name, body)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    return app


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.stat().st_size <= _READ_AT_ONCE_BYTES else None
    except OSError:
        return None


def _file(request: web.Request, name: str, body: bytes) -> web.Response:
    # The ETag is of the bytes, so that a page made anew with the same bytes stays current; a date would not say that.
    tag = hashlib.sha256(body).hexdigest()[:32]
    asked = request.if_none_match or ()
    if any(known.value in (tag, "*") for known in asked):
        return _headed(web.Response(status=304, headers={"ETag": f'"{tag}"'}))
    return _headed(web.Response(body=body, headers={"Content-Type": content_type(name), "ETag": f'"{tag}"'}))


def _headed(response: web.Response) -> web.Response:
    response.headers.update(_HEADERS)
    return response


def try_port(host: str, port: int) -> None:
    """Listen on *port* of the IPv4 address *host* for no longer than it takes. Raises OSError when it cannot be."""
    socket.create_server((host, port)).close()


async def serve_site(
    folder: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    base_path: str = "",
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve *folder* until cancelled.

    Args:
        folder: the published site.
        host: address to listen on; loopback unless the owner says otherwise.
        port: 0 takes a free one.
        base_path: path under which the site lives; `/` redirects there.
        ready: called once with the address to open.

    Raises:
        OSError: the port is taken.
    """
    runner = web.AppRunner(site_app(folder, base_path), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        taken = runner.addresses[0][1]
        if ready is not None:
            shown = f"[{host}]" if ":" in host else host
            ready(f"http://{shown}:{taken}/{base_path.strip('/') + '/' if base_path.strip('/') else ''}")
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
