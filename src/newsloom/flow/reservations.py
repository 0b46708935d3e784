"""What whole sites reserve for text and data mining: their tdmrep.json, asked for once a week and kept in the working state."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from newsloom.model.article import PageReading
from newsloom.model.page import FetchedPage, FetchFailure, FetchOutcome, FetchRequest
from newsloom.ports.fetching import Fetcher
from newsloom.ports.storing import Store
from newsloom.vocab.tdmrep import PATH, TdmRule, is_reserved, read_tdmrep
from newsloom.vocab.urls import parse_web

KEEP = timedelta(days=7)
_ANSWERS = frozenset({"http_status", "gone", "robots", "content_type", "redirects", "too_large"})
"""Failures that mean: there is no such file for us. After any other the next run asks again."""

Reservations = Mapping[str, tuple[TdmRule, ...]]


async def site_reservations(fetcher: Fetcher, store: Store, urls: Iterable[str], now: datetime) -> Reservations:
    """Return the rules of the sites of *urls*, by origin, none for a site without; asks those not asked within a week."""
    sites = {site for url in urls if (site := _site(url))}
    rules: dict[str, tuple[TdmRule, ...]] = {}
    with store.begin() as work:
        for site in sorted(sites):
            kept = _kept(work.get_meta(_key(site)), now)
            if kept is not None:
                rules[site] = kept
    requests = [FetchRequest(url=site + PATH) for site in sorted(sites - rules.keys())]
    async for request, outcome in fetcher.fetch_all(requests):
        site = request.url.removesuffix(PATH)
        told = _told(outcome)
        if told is not None:
            rules[site] = told
            with store.begin() as work:
                work.put_meta(_key(site), _as_text(told, now))
    return rules


def with_reservation(reading: PageReading, rules: Reservations) -> bool | None:
    """Return whether mining of the page is reserved: by its own word, else by its site's."""
    if reading.tdm_reservation is not None:
        return reading.tdm_reservation
    address = parse_web(reading.url)
    found = rules.get(_site(reading.url))
    return is_reserved(found, address.pathname + address.search) if found and address else None


def _site(url: str) -> str:
    address = parse_web(url)
    return address.origin if address else ""


def _told(outcome: FetchOutcome) -> tuple[TdmRule, ...] | None:
    if isinstance(outcome, FetchedPage):
        return read_tdmrep(outcome.body)
    return () if isinstance(outcome, FetchFailure) and outcome.kind in _ANSWERS else None


def _key(site: str) -> str:
    return f"tdmrep {site}"


def _as_text(rules: tuple[TdmRule, ...], now: datetime) -> str:
    return json.dumps({"at": now.isoformat(), "rules": [[rule.location, rule.is_reserved] for rule in rules]})


def _kept(text: str | None, now: datetime) -> tuple[TdmRule, ...] | None:
    """Return the rules in *text*, None when they are too old."""
    if text is None:
        return None
    told = json.loads(text)
    if not timedelta(0) <= now - datetime.fromisoformat(told["at"]) < KEEP:
        return None
    return tuple(TdmRule(location, reserved) for location, reserved in told["rules"])
