"""Pages of the invented web: each provider has its own template and tells its facts in its own dialect."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from functools import cache
from html.entities import codepoint2name
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from newsloom.demo.world import Article, Provider, Version, World


@cache
def environment() -> Environment:
    """Return the templates of pages and feeds, everything escaped unless said."""
    found = Environment(
        loader=PackageLoader("newsloom.demo", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
    )
    found.filters["rfc822"] = lambda instant: format_datetime(instant.astimezone(UTC), usegmt=True)
    found.filters["named_entities"] = named_entities
    return found


def named_entities(text: str) -> str:
    """Return *text* with entities in it, as a careless system stores it; what prints it escapes it once more."""
    return "".join(f"&{codepoint2name[ord(c)]};" if ord(c) in codepoint2name else c for c in text)


def page(world: World, article: Article, now: datetime) -> bytes:
    """Return the page of *article* as its provider serves it at *now*, in the provider's encoding."""
    return _render(world, article, now, article.provider.page)


def amp_page(world: World, article: Article, now: datetime) -> bytes:
    """Return the AMP page of *article* at *now*."""
    return _render(world, article, now, "amp")


def home(world: World, provider: Provider, now: datetime) -> bytes:
    """Return the home page of *provider* at *now*: its headlines, and a link to its feed."""
    text = environment().get_template("home.html.j2").render(p=provider, articles=world.of(provider.id, now)[:12])
    return text.encode(provider.charset, "xmlcharrefreplace")


def _render(world: World, article: Article, now: datetime, template: str) -> bytes:
    provider, version = article.provider, article.at(now)
    zone = timezone(timedelta(minutes=provider.offset))
    # Headlines that were there before this article: a page does not change when others appear.
    earlier = [other for other in world.of(provider.id, article.appears) if other.id != article.id][:3]
    text = environment().get_template(f"pages/{template}.html.j2").render(
        p=provider,
        a=article,
        v=version,
        excerpt=article.excerpt(now),
        earlier=earlier,
        local=article.published.astimezone(zone),
        page_date=article.page_date,
        local_date=article.page_date.astimezone(zone) if article.page_date else None,
        modified=version.since,
        ld=Markup(json.dumps(_linked_data(article, version, template), ensure_ascii=False, indent=1).replace("</", "<\\/")),
    )  # fmt: skip
    return text.encode(provider.charset, "xmlcharrefreplace")


def _linked_data(article: Article, version: Version, template: str) -> dict[str, Any]:
    """Return the page's JSON-LD: a bare NewsArticle, a graph, a live blog, a video, or one behind a paywall."""
    provider = article.provider
    data: dict[str, Any] = {
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": article.url},
        "headline": version.title,
        "dateModified": version.since.isoformat(),
        "author": [{"@type": "Person", "name": article.author}],
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": provider.name,
            "logo": {
                "@type": "ImageObject",
                "url": f"http://{provider.host}/static/logo.png",
                "width": 220,
                "height": 48,
            },
        },
        "description": article.excerpt(version.since),
        "inLanguage": provider.language,
    }
    if article.page_date:
        data["datePublished"] = article.page_date.isoformat()
    if article.picture_url and provider.picture:
        width, height = provider.picture
        data["image"] = [{"@type": "ImageObject", "url": article.picture_url, "width": width, "height": height}]
    if template == "paywall":
        data["isAccessibleForFree"] = False
        data["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paywall"}
    if article.live:
        data["@type"] = "LiveBlogPosting"
        data["coverageStartTime"] = article.published.isoformat()
        data["liveBlogUpdate"] = [
            {"@type": "BlogPosting", "headline": text.split(". ")[1], "articleBody": text}
            for text in version.paragraphs
        ]
    if article.video:
        data = _video(article, version)
    if template == "graph":
        site = {"@type": "WebSite", "@id": f"http://{provider.host}/#site", "name": provider.name}
        crumbs = {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1, "name": "World"}]}
        return {"@context": "https://schema.org", "@graph": [site, crumbs, data]}
    return {"@context": "https://schema.org", **data}


def _video(article: Article, version: Version) -> dict[str, Any]:
    return {
        "@type": "VideoObject",
        "name": version.title,
        "description": article.excerpt(version.since),
        "thumbnailUrl": [article.picture_url],
        "uploadDate": article.published.isoformat(),
        "duration": "PT1M47S",
        "embedUrl": f"https://player.channeltwelve.example/embed/{article.number}",
        "publisher": {"@type": "Organization", "name": article.provider.name},
    }
