"""Whether a page is an article or a video, and the address its video can be embedded from."""

from __future__ import annotations

import re

from newsloom.adapters.pages import jsonld
from newsloom.adapters.pages.document import attribute
from newsloom.adapters.pages.evidence import Candidates, Evidence
from newsloom.model.article import Candidate
from newsloom.model.record import ItemType

_PLAYERS = re.compile(
    r"^https://(?:(?:www\.)?youtube(?:-nocookie)?\.com/embed/[\w-]+|player\.vimeo\.com/video/\d+|(?:www\.|geo\.)?dailymotion\.com/(?:embed/video/\w+|player)"
    r"|players\.brightcove\.net/\d+/|(?:cdn|content)\.jwplatform\.com/players/|cdn\.jwplayer\.com/players/|www\.facebook\.com/plugins/video|player\.twitch\.tv/\?"
    r"|www\.tiktok\.com/embed/|rumble\.com/embed/|fast\.wistia\.(?:net|com)/embed/|embed\.ted\.com/talks/|players\.nexx|vod-embed\.|www\.ardmediathek\.de/embed/|www\.bbc\.co\w*/\S*/embed)"
)
_YOUTUBE = re.compile(
    r"^https?://(?:www\.|m\.)?(?:youtube\.com/(?:watch\?(?:.*&)?v=|v/|shorts/|live/)|youtu\.be/)([\w-]{6,20})"
)
_VIMEO = re.compile(r"^https?://(?:www\.)?vimeo\.com/(\d+)")


def types(evidence: Evidence) -> tuple[Candidate[ItemType], ...]:
    """Return what the page says it mainly is.

    JSON-LD speaks first: an article of its own makes an article, else a video of its own a video; then Open Graph's type.
    """
    found = Candidates[ItemType]()
    if evidence.article is not None:
        found.add("article", "json-ld:@type")
    elif evidence.videos:
        found.add("video", "json-ld:@type")
    for name, content in evidence.document.meta("og:type"):
        kind = content.lower().strip()
        if kind.startswith("video"):
            found.add("video", f"opengraph:{name}")
        elif kind == "article":
            found.add("article", f"opengraph:{name}")
    return found.found()


def embeds(evidence: Evidence) -> tuple[Candidate[str], ...]:
    """Return the https addresses of players for the page's videos: declared ones, then known players in frames."""
    found = Candidates[str]()
    document = evidence.document
    for video in evidence.videos:
        found.add(
            embed_address(document.absolute(jsonld.address(video.get("embedUrl")))), "json-ld:VideoObject.embedUrl"
        )
    for _, value in evidence.of_article("video"):
        if isinstance(value, dict):
            found.add(embed_address(document.absolute(jsonld.address(value.get("embedUrl")))), "json-ld:video.embedUrl")
    for name, content in document.meta("og:video:secure_url", "og:video:url", "og:video", "twitter:player"):
        found.add(
            embed_address(document.absolute(content)), f"opengraph:{name}" if name.startswith("og:") else f"meta:{name}"
        )
    for frame in document.elements("iframe", 20):
        address = embed_address(document.absolute(attribute(frame, "src") or attribute(frame, "data-src")))
        if address and _PLAYERS.match(address):
            found.add(address, "html:iframe")
    return found.found()


def embed_address(url: str | None) -> str | None:
    """Return *url* as the https address of a player, None when it is a media file, no https address, or a script.

    Watch pages of YouTube and Vimeo become the addresses of their players.
    """
    if not url:
        return None
    watched = _YOUTUBE.match(url)
    if watched:
        return f"https://www.youtube.com/embed/{watched[1]}"
    on_vimeo = _VIMEO.match(url)
    if on_vimeo:
        return f"https://player.vimeo.com/video/{on_vimeo[1]}"
    if url.startswith("http://"):
        url = "https://" + url.removeprefix("http://")
    path = url.split("?")[0].lower()
    if path.endswith((".mp4", ".m3u8", ".webm", ".mov", ".swf", ".mp3", ".js", ".mpd", ".flv")):
        return None
    return url
