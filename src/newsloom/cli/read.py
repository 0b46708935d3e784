"""`newsloom read`: what is read in a page, a feed or an archive, and why."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.text import Text

from newsloom.cli.console import HERE, JsonOption, counted, failures, out, print_json, run_async, say

if TYPE_CHECKING:
    from newsloom.model.page import FeedEntry
    from newsloom.portal import Portal
    from newsloom.reading import ArchiveTold, FeedTold, PageTold, TextComparison, Told
    from newsloom.stages.extract import Alternative, FieldAccount

_MOST_PARAGRAPHS = 12
_MOST_NOTES = 10
_EXTRACT = 160
_NAMES, _METHODS = 19, 32  # widths of the columns of names and methods
_ALWAYS_SHOWN = frozenset(["title", "publishedDateTime", "authors", "excerpt", "images", "body"])


def read(
    target: Annotated[str, typer.Argument(help="Address, file (page, feed, WARC), folder of pages, or - for standard input.")],
    url: Annotated[
        str | None, typer.Option("--url", help="Address the file was saved from; of an archive, the page to read.")
    ] = None,
    portal: Annotated[
        Path | None,
        typer.Option(
            "--portal", "-p", envvar="NEWSLOOM_PORTAL", help="Portal whose settings, providers and logins count.",
            show_default="this folder if it is one, else none",
        ),
    ] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="Show everything the page offered for each field, and the text by the other engine.")
    ] = False,
    body: Annotated[bool, typer.Option("--body", help="Print the whole text.")] = False,
    engine: Annotated[
        str | None, typer.Option("--engine", help="newsloom or trafilatura; else what the settings say.", show_default=False)
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="Entries of a feed to show.")] = 10,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Print what newsloom reads in a page or feed: each field, how it was found, and how far the page's own sources agree.

    For finding out why a source reads badly. Nothing is kept, no portal is needed. An address is asked for as a run would ask,
    robots.txt obeyed. Exit code 1 when a run would not take the page for an article, 3 when nothing could be fetched.
    """
    with failures():
        from newsloom.errors import UsageError
        from newsloom.reading import read_anything

        if engine not in (None, "newsloom", "trafilatura"):
            raise UsageError(f"there is no engine {engine!r}", hint="newsloom or trafilatura")
        told = run_async(
            read_anything(target, url=url, portal=_portal(portal), engine=engine, compare=compare)  # type: ignore[arg-type]
        )
        if as_json:
            print_json(_as_data(told, compare=compare, body=body, limit=limit))
        else:
            _show(told, compare=compare, body=body, limit=limit)
        if getattr(told, "refused", ""):
            raise typer.Exit(1)


def _portal(folder: Path | None) -> Portal | None:
    """Return the portal in *folder*; when none was named the one here, if there is one."""
    from newsloom.errors import PortalMissing
    from newsloom.portal import open_portal

    try:
        return open_portal(folder or HERE)
    except PortalMissing:
        if folder is not None:
            raise
        return None


def _show(told: Told, *, compare: bool, body: bool, limit: int) -> None:
    from newsloom.reading import FeedTold, PageTold

    if isinstance(told, PageTold):
        _show_page(told, compare=compare, body=body)
    elif isinstance(told, FeedTold):
        _show_feed(told, limit)
    else:
        _show_archive(told)


def _show_page(told: PageTold, *, compare: bool, body: bool) -> None:
    say(f"[bold]{escape(_address(told.url))}[/]")
    say(f"page of {told.bytes:,} bytes, text found by {told.engine}")
    if _address(told.url) != told.url:
        say("[yellow]without its address provider and links are guesses: --url ADDRESS[/]")
    if told.refused:
        say(f"[red]a run would refuse it:[/] {escape(told.refused)}")
        if told.hint:
            say(f"  {escape(told.hint)}")
    say("")
    for field in told.fields:
        if field.value or field.name in _ALWAYS_SHOWN or (compare and field.alternatives):
            _row(field.name, _field(field), _NAMES)
            for one in field.alternatives if compare else ():
                _row(f"  {'✓' if one.is_chosen else '·'} {one.method}", _alternative(one), _METHODS)
    text = told.article.article_body
    if body or text:
        say("")
    if body:
        say(escape(text))
    elif text:
        _show_ends(text)
    if told.other is not None:
        _show_comparison(told.engine, text, told.other, whole=body)
    feeds = [feed for feed in told.reading.feeds if feed != told.url]
    if feeds:
        say("\n" + "\n".join(f"names the feed {escape(feed)}" for feed in feeds[:5]))


def _address(url: str) -> str:
    from newsloom.reading import UNKNOWN_ADDRESS

    return "address unknown" if url == UNKNOWN_ADDRESS else url


def _field(field: FieldAccount) -> Text:
    if not field.value:
        return Text("not found", style="yellow")
    shown = Text(field.value)
    how = [field.method] if field.method else []
    if field.agreement is not None:
        how.append(f"{field.agreement:.0%} of its sources agree")
    if how:
        shown.append(f"  {', '.join(how)}", style="dim")
    return shown


def _alternative(one: Alternative) -> Text:
    shown = Text(_short(one.value), style="green" if one.is_chosen else "")
    return shown.append(f"  ({one.why})", style="dim") if one.why else shown


def _show_ends(text: str) -> None:
    parts = text.split("\n\n")
    _row("begins", Text(_short(parts[0])), _NAMES)
    if len(parts) > 1:
        _row("ends", Text(_short(parts[-1])), _NAMES)


def _show_comparison(engine: str, ours: str, other: TextComparison, *, whole: bool) -> None:
    counts = f"{len(ours):,} characters by {engine}, {len(other.text):,} by {other.engine}"
    say(f"\n[bold]text beside {other.engine}[/]: {counts}")
    if not other.only_ours and not other.only_theirs:
        say("both have the same paragraphs")
    for name, paragraphs in ((engine, other.only_ours), (other.engine, other.only_theirs)):
        for paragraph in paragraphs if whole else paragraphs[:_MOST_PARAGRAPHS]:
            _row(f"only {name}", Text(paragraph if whole else _short(paragraph)), _NAMES)
        if not whole and len(paragraphs) > _MOST_PARAGRAPHS:
            say(f"… and {len(paragraphs) - _MOST_PARAGRAPHS} more only {name} has; --body shows all")


def _show_feed(told: FeedTold, limit: int) -> None:
    document = told.document
    entries = document.entries
    say(f"[bold]{escape(document.title or 'untitled')}[/]  {escape(_address(told.url))}")
    say(f"{document.dialect} of {told.bytes:,} bytes, {counted(len(entries), 'entry', 'entries')}")
    for label, values in (("repaired", document.repairs), ("note", told.notes)):
        for value in values:
            say(f"[yellow]{label}[/]: {escape(value)}")
    if entries:
        say("with " + ", ".join(f"{name} {count}" for name, count in _facts(entries).items()))
    for sitemap in document.next_sitemaps[:limit]:
        say(f"names the sitemap {escape(sitemap)}")
    say("")
    for number, entry in enumerate(entries[:limit], 1):
        _row(f"{number:>3}", _entry(entry), 5)
    if len(entries) > limit:
        say(f"… and {len(entries) - limit} more: --limit {len(entries)}")


def _facts(entries: tuple[FeedEntry, ...]) -> dict[str, int]:
    return {
        "link": sum(bool(entry.link) for entry in entries),
        "title": sum(bool(entry.title) for entry in entries),
        "date": sum(bool(entry.published or entry.updated) for entry in entries),
        "summary": sum(bool(entry.summary) for entry in entries),
        "text": sum(bool(entry.content_html) for entry in entries),
        "author": sum(bool(entry.authors) for entry in entries),
        "picture": sum(bool(entry.images) for entry in entries),
    }


def _entry(entry: FeedEntry) -> Text:
    shown = Text(entry.title or "no title", style="" if entry.title else "yellow")
    shown.append(f"\n{entry.link or 'no link: left out'}", style="dim" if entry.link else "yellow")
    facts = []
    if entry.published:
        facts.append(f"published {entry.published:%Y-%m-%dT%H:%M:%SZ}")
    if entry.updated:
        facts.append(f"updated {entry.updated:%Y-%m-%dT%H:%M:%SZ}")
    if not facts:
        facts.append("no date")
    facts += [f"by {', '.join(entry.authors)}"] if entry.authors else []
    facts += [f"tagged {', '.join(entry.categories[:6])}"] if entry.categories else []
    facts += [f"summary of {len(entry.summary):,} characters"] if entry.summary else []
    facts += [f"text of {len(entry.content_html):,} characters"] if entry.content_html else []
    facts += [counted(len(entry.images), "picture")] if entry.images else []
    shown.append("\n" + "; ".join(facts))
    return shown


def _show_archive(told: ArchiveTold) -> None:
    say(f"[bold]{escape(told.path)}[/]: {counted(len(told.pages), 'page')}{' and more' if told.is_cut else ''}")
    for note in told.notes[:_MOST_NOTES]:
        say(f"[yellow]note[/]: {escape(note)}")
    if len(told.notes) > _MOST_NOTES:
        say(f"[yellow]note[/]: {len(told.notes) - _MOST_NOTES} more like these; --json has all")
    for url, title, day in told.pages:
        _row(day or "no date", Text(title).append(f"\n{url}", style="dim"), 12)
    say(f"one of them: `newsloom read {escape(shlex.quote(told.path))} --url ADDRESS`")


def _as_data(told: Told, *, compare: bool, body: bool, limit: int) -> dict[str, Any]:
    from newsloom.reading import FeedTold, PageTold

    if isinstance(told, FeedTold):
        document = asdict(told.document)
        document["entries"] = document["entries"][:limit]
        return {
            "kind": "feed", "url": told.url, "bytes": told.bytes, **document, "entry_count": len(told.document.entries),
            "with": _facts(told.document.entries), "notes": told.notes,
        }  # fmt: skip
    if not isinstance(told, PageTold):
        pages = [{"url": url, "title": title, "day": day} for url, title, day in told.pages]
        return {"kind": "archive", "path": told.path, "pages": pages, "is_cut": told.is_cut, "notes": told.notes}
    fields = {field.name: asdict(field) for field in told.fields if field.value or field.alternatives}
    for field in fields.values():
        del field["name"]
        if not compare:
            del field["alternatives"]
    article = asdict(told.article)
    article["robots"] = sorted(told.article.robots)
    if not body:
        del article["article_body"]
    return {
        "kind": "page", "url": told.url, "engine": told.engine, "bytes": told.bytes, "refused": told.refused, "hint": told.hint,
        "article": article, "fields": fields, "other": asdict(told.other) if told.other else None, "feeds": told.reading.feeds,
    }  # fmt: skip


def _row(label: str, text: Text, indent: int) -> None:
    """Print *text* wrapped to the terminal in a column of its own, *label* before its first line."""
    lines = text.wrap(out, max(20, out.width - indent), overflow="fold")
    if len(label) >= indent:
        say(f"[cyan]{escape(label)}[/]")
        label = ""
    for line in lines:
        line.rstrip()
        out.print(Text(label.ljust(indent), style="cyan").append_text(line))
        label = ""


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _EXTRACT else text[: _EXTRACT - 1].rstrip() + "…"
