"""The demo's portal: its sources, topics and organisations as the files a user would write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml
from lxml import etree

from newsloom.demo.world import Provider, World, load_world

NAMESPACE = "https://newsloom.org/ns/opml"

SITE: Mapping[str, str] = {
    "title": "Harbour Lights",
    "description": "Machines, towns and power on the Aldmere coast: an invented portal that newsloom made of an invented web.",
    "language": "en",
    "locale": "en-us",
    "time_zone": "UTC",
}
"""The `[site]` settings of the demo's portal."""

_README = """# Harbour Lights

The portal that `newsloom demo` made: ten days of news from an invented web. Every provider, person and event in it is made up.

Look at it, in this folder:

    newsloom serve              # the site, in a browser
    newsloom review list        # the items; `newsloom explain ID` says why one is published or not
    newsloom topics test        # the topics, tried on their own examples

The files in `_news/` are the records, `_data/` and `sources.opml` say what is collected, `_site/` is what is published.

The invented web lives only while `newsloom demo` runs. `newsloom run` here finds no source that answers; what is collected stays.
`newsloom demo` makes the folder anew: keep nothing of your own in it. For a portal of your own: `newsloom init ~/my-portal`.
"""

# What is derived and can be made again.
_GITIGNORE = ".newsloom/\n.site/\n_site\n"


def portal_files(world: World | None = None) -> dict[str, bytes]:
    """Return the demo portal's files, newsloom.toml and a README among them: path relative to the portal → bytes, in order of path.

    sources.opml names every feed of the invented web, the broken, unreachable, vanished and throttled ones included.
    """
    world = world or load_world()
    written = {
        ".gitignore": _GITIGNORE.encode(),
        "README.md": _README.encode(),
        "newsloom.toml": _settings(),
        "sources.opml": _opml(world),
    }
    for place, topic in enumerate(world.topics):
        written[f"_data/topics/{place:02d}-{topic['id']}.yaml"] = _topic(topic)
    for provider in world.providers.values():
        if not (provider.broken or provider.unreachable):
            written[f"_data/organizations/{provider.domain}.md"] = _organization(provider)
    return dict(sorted(written.items()))


def _settings() -> bytes:
    # Every value is a plain word or sentence, so JSON's quoting is TOML's.
    lines = [f"{key} = {json.dumps(value)}" for key, value in SITE.items()]
    return "\n".join(["# The demo's portal. Everything it reports is invented.", "[site]", *lines, ""]).encode()


def _opml(world: World) -> bytes:
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"newsloom": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = f"{SITE['title']}: sources"
    body = etree.SubElement(root, "body")
    folders: dict[str, Any] = {}
    for provider in world.providers.values():
        folder = folders.get(provider.kind)
        if folder is None:
            folder = folders[provider.kind] = etree.SubElement(
                body, "outline", text=provider.kind.replace("_", " ").capitalize()
            )
        etree.SubElement(
            folder,
            "outline",
            {
                "type": "rss",
                "text": provider.name,
                "xmlUrl": provider.feed_url,
                "htmlUrl": f"http://{provider.host}/",
                "language": provider.language,
                f"{{{NAMESPACE}}}kind": "sitemap" if provider.feed == "newssitemap" else "feed",
            },
        )
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return text


def _topic(topic: Mapping[str, Any]) -> bytes:
    """Write one topic file: the origin's keys, then newsloom's."""
    data: dict[str, Any] = {"taxonomy": "topic", "_id": topic["id"], "name": topic["name"]}
    for key in ("shortname", "description", "parent", "keywords", "exclude", "hashtags", "examples"):
        if topic.get(key):
            data[key] = topic[key]
    return _yaml(data)


def _organization(provider: Provider) -> bytes:
    data = {
        "taxonomy": "organization",
        "_id": provider.domain,
        "name": provider.name,
        "domain": provider.domain,
        "description": f"{provider.name}, an invented {provider.kind.replace('_', ' ')} source.",
        "standing": provider.standing,
        "kind": provider.kind,
    }
    return b"---\n" + _yaml(data) + b"---\n"


def _yaml(data: Mapping[str, Any]) -> bytes:
    return yaml.safe_dump(dict(data), allow_unicode=True, sort_keys=False, width=10_000).encode()
