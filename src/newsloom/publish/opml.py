"""The portal's sources as OPML 2.0, for readers to open in their own: addresses of feeds, nothing that is private.

Source: opml.org/spec2.opml.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from newsloom.model.portal import Edition, PublishedFile
from newsloom.model.source import Source
from newsloom.publish.addresses import safe_link
from newsloom.publish.feeds import xml_text
from newsloom.vocab.urls import public_address


class SourceList:
    """`sources.opml`: the feeds that the portal reads. Left out: local folders, and addresses that hold a credential."""

    name = "sources"

    def files(self, edition: Edition) -> Iterator[PublishedFile]:
        """Yield the list of *edition*, nothing when it has no sources."""
        if not edition.sources:
            return
        root = etree.Element("opml", {"version": "2.0"})
        head = etree.SubElement(root, "head")
        etree.SubElement(head, "title").text = xml_text(edition.site.title)
        folders: dict[tuple[str, ...], etree._Element] = {(): etree.SubElement(root, "body")}
        for source in edition.sources:
            if is_public(source):
                etree.SubElement(_folder(source.folders, folders), "outline", _outline(source))
        etree.indent(root, " ")
        yield PublishedFile("sources.opml", etree.tostring(root, xml_declaration=True, encoding="utf-8") + b"\n")


def is_public(source: Source) -> bool:
    """Return whether the address of *source* may be told: a web address without credentials, and none of a local folder."""
    is_web = source.kind in ("feed", "sitemap", "page") and safe_link(source.url) is not None
    return is_web and public_address(source.url) == source.url


def _outline(source: Source) -> dict[str, str]:
    title = xml_text(source.title or source.url)
    told = {"type": "rss" if source.kind == "feed" else source.kind, "text": title, "title": title}
    told["xmlUrl" if source.kind != "page" else "url"] = source.url
    if site := safe_link(source.site_url):
        told["htmlUrl"] = site
    if source.categories:
        told["category"] = xml_text(",".join(source.categories))
    return told


def _folder(path: tuple[str, ...], folders: dict[tuple[str, ...], etree._Element]) -> etree._Element:
    if path not in folders:
        parent = _folder(path[:-1], folders)
        folders[path] = etree.SubElement(parent, "outline", {"text": xml_text(path[-1])})
    return folders[path]
