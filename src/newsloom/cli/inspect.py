"""`newsloom search`, `explain`, `records check`, `doctor`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from newsloom.cli.console import (
    HERE,
    JsonOption,
    NowOption,
    PortalOption,
    Watcher,
    counted,
    err,
    failures,
    moment,
    print_json,
    say,
)

if TYPE_CHECKING:
    from newsloom.stages.reading_health import ProviderReading

_MOST_PROVIDERS = 20

records_app = typer.Typer(no_args_is_help=True, help="Record files.")


def search(
    words: Annotated[list[str], typer.Argument(help="All of these words must occur.")],
    portal: PortalOption = HERE,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000)] = 20,
    as_json: JsonOption = False,
) -> None:
    """Search titles, excerpts and the texts at hand; best first. Exit code 1 when nothing was found."""
    with failures():
        from newsloom.portal import open_portal
        from newsloom.queries import search_items

        found = search_items(open_portal(portal), " ".join(words), limit)
        if as_json:
            print_json(found)
        for hit in found if not as_json else ():
            say(
                f"{hit['id']}  {escape(str(hit['title']))}  [dim]{escape(str(hit['provider']))}, {hit['published_date_time']}[/]"
            )
        if not found:
            err.print("nothing found")
            raise typer.Exit(1)


def explain(
    item: Annotated[str, typer.Argument(help="Id (4 digits are enough), path, file name or address.")],
    portal: PortalOption = HERE,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the receipt of an item: every term of quality and heat, why it is published or not, and what would change it."""
    with failures():
        from newsloom.portal import open_portal
        from newsloom.queries import explain_item

        told = explain_item(open_portal(portal), item, moment(now))
        if as_json:
            print_json(told)
            return
        say(f"[bold]{escape(told['title'])}[/]  [dim]{told['id']}, {escape(told['path'])}[/]")
        for name in ("quality", "heat", "heat_now") if told["heat_now"] else ("quality", "heat"):
            score = told[name]
            say(
                f"\n{name.replace('_', ' ')} [bold]{score['total']}[/]"
                + (f"  [cyan]{escape(score['note'])}[/]" if score["note"] else "")
            )
            for term in score["terms"]:
                if term["evidence"]:
                    say(f"  {term['points']:>+5}  {term['name']:<16} [dim]{escape(term['evidence'])}[/]")
                elif term["points"]:
                    say(f"  {term['points']:>+5}  {term['name']}")
        state = "published" if told["published"] else "not published"
        say(f"\n[bold]{state}[/]: {escape(told['why'])}")
        for flip in told["would_change_it"]:
            say(f"  would change it: {escape(flip)}")
        for part in ("topics", "not_topics", "story", "related", "changed", "read_as", "found_by", "decisions"):
            if told[part]:
                say(f"\n{part.replace('_', ' ')}")
                for line in told[part]:
                    say(f"  {escape(line.rstrip())}")


@records_app.command("check")
def check_records(portal: PortalOption = HERE, as_json: JsonOption = False) -> None:
    """Read every record file; name those that are torn or break the format. Exit code 1 when there are any."""
    with failures():
        from newsloom.listing import read_records
        from newsloom.portal import open_portal

        files, quarantined = read_records(open_portal(portal))
        if as_json:
            print_json({"records": len(files), "quarantined": [asdict(bad) for bad in quarantined]})
        else:
            for bad in quarantined:
                say(f"[red]{escape(bad.path)}[/]: {escape(bad.reason)}")
            say(f"{counted(len(files), 'record')} read, {len(quarantined)} cannot be read")
        if quarantined:
            raise typer.Exit(1)


def doctor(
    portal: PortalOption = HERE,
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="How many days of reading to look at.")] = 7,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what is wrong with this portal and how to fix it, and how reading is doing, provider by provider.

    A field that is found far less often than in as many days before is a warning. Asks no network. Exit code 1 when there is an
    error.
    """
    with failures():
        from newsloom.app import at_work
        from newsloom.config import contact_of, site_options
        from newsloom.flow.doctor import diagnose, provider_readings
        from newsloom.listing import provider_names
        from newsloom.portal import open_portal, settings_at_fault, settings_of_nobody

        opened = open_portal(portal)
        with Watcher(quiet=True) as watcher, at_work(opened, watcher.notify) as bench:
            readings = provider_readings(bench, moment(now), days)
            names = provider_names(bench.ports.records.read_all()[0])
            findings = diagnose(
                bench, opened.topics, site_options(opened.settings), moment(now), reading=readings,
                wrong=(*settings_at_fault(opened), *opened.wrong), unmatched=settings_of_nobody(opened), contact=contact_of(opened.settings), names=names,
            )  # fmt: skip
        if as_json:
            print_json({"findings": [asdict(one) for one in findings], "reading": [asdict(one) for one in readings]})
        else:
            colours = {"error": "red", "warning": "yellow", "info": "blue"}
            for finding in findings:
                fix = f"\n          {escape(finding.fix)}" if finding.fix else ""
                say(f"[{colours[finding.level]}]{finding.level:>7}[/]  {escape(finding.what)}{fix}")
            if not findings:
                say("[green]all is well[/]")
            _show_readings(readings, names, days)
        if any(finding.level == "error" for finding in findings):
            raise typer.Exit(1)


def _show_readings(readings: Sequence[ProviderReading], names: Mapping[str, str], days: int) -> None:
    if not readings:
        return
    say(f"\n[bold]reading in the last {counted(days, 'day')}[/]: items with each field, in percent")
    say(f"  [dim]{'provider':<25}{'items':>6} body date image author {'feed only':>10} script  paid[/]")
    for one in readings[:_MOST_PROVIDERS]:
        fell = {drop.field for drop in one.drops}
        name = names.get(one.provider, one.provider)
        name = name if len(name) <= 24 else name[:23] + "…"
        cells = [
            f"[{'red' if field in fell else 'default'}]{round(100 * one.shares[field]):>{width}}[/]"
            for field, width in (("body", 5), ("date", 5), ("image", 6), ("author", 7))
        ]
        rest = f"{round(100 * one.feed_only):>11}{round(100 * one.needs_javascript):>7}{round(100 * one.paywalled):>6}"
        say(f"  {escape(name):<25}{one.pages:>6}{''.join(cells)}{rest}")
        used = ((field, next(iter(methods.items()), None)) for field, methods in one.methods.items())
        shown = [f"{field} {top[0]} {top[1]:.0%}" for field, top in used if top and field in ("body", "title", "date")]
        if name != one.provider:
            say(f"    [dim]{escape(one.provider)}[/]")
        if shown:
            say(f"    [dim]{escape(', '.join(shown))}[/]")
    if len(readings) > _MOST_PROVIDERS:
        say(f"  … and {counted(len(readings) - _MOST_PROVIDERS, 'provider')} more; --json has all")
