"""How each field of an article came about: everything the page offered for it, what was taken, and why the rest was not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from newsloom.model.article import Article, Candidate, Moment, PageReading
from newsloom.stages.extract.addresses import names_this_page
from newsloom.stages.extract.excerpts import says_more
from newsloom.stages.extract.instants import falls_on, is_plausible
from newsloom.stages.extract.providers import names_of_site
from newsloom.stages.extract.titles import title_ballots, without_site_name
from newsloom.vocab import urls
from newsloom.vocab.plain import letters_and_digits
from newsloom.vocab.rights import reserved

T = TypeVar("T")

LATER = "comes later in the order of trust"
AGREES = "agrees"
_SAME_START = 40


@dataclass(frozen=True, slots=True)
class Alternative:
    """One thing the page offered for a field. `why` says why it was taken or passed over; "" where that needs no words."""

    value: str
    method: str
    is_chosen: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class FieldAccount:
    """One field: its value for people ("" when none was found), how it was found, and all that was considered.

    `agreement` is the share in 0..1 of the page's sources that agree, None where fewer than two tell anything.
    """

    name: str
    value: str
    method: str = ""
    agreement: float | None = None
    alternatives: tuple[Alternative, ...] = ()


def account(found: Article, reading: PageReading, first_seen: datetime) -> tuple[FieldAccount, ...]:
    """Return how *found* was chosen from *reading*, field by field, in the order a reader looks for them.

    Args:
        found: what `article` or `article_of` chose from *reading*, without a feed's entry.
        first_seen: what was given to them.
    """
    names = names_of_site(found.provider, reading.site_names, reading.titles)
    told: list[tuple[str, str, Sequence[Alternative]]] = [
        ("title", found.title, _titles(found, reading, names)),
        ("publishedDateTime", _instant(found.published_date_time), _published(found, reading, first_seen)),
        ("modified", _instant(found.date_modified), _modified(found, reading, first_seen)),
        ("authors", _credited(found), _by_trust(reading.authors, found.authors, _names, key=_people)),
        ("provider", _provider(found), _by_trust(reading.site_names, found.provider.name, str, key=letters_and_digits)),
        ("excerpt", found.excerpt, _excerpts(found, reading)),
        ("type", found.type, _by_trust(reading.types, found.type, str)),
        ("language", found.in_language or "", _by_trust(reading.languages, found.in_language, str)),
        ("access", found.access or "", _by_trust(reading.access, found.access, str)),
        ("section", found.article_section or "", _by_trust(reading.sections, found.article_section, str)),
        ("keywords", _names(found.keywords), _by_trust(reading.keywords, found.keywords, _names, key=_people)),
        ("images", "\n".join(map(_picture, found.images)), _images(found, reading)),
        ("webUrl", found.url, _addresses(found, reading)),
        ("ampWebUrl", found.amp_web_url or "", _by_trust(reading.amp_urls, found.amp_web_url, str, key=_plain_address)),
        ("featuredContent", found.featured_content or "", _by_trust(reading.embeds, found.featured_content, str)),
        ("rights", ", ".join(reserved(found.robots, found.tdm_reservation)), ()),
        ("body", _length(found.article_body), _by_trust(reading.bodies, found.article_body, _opening)),
    ]  # fmt: skip
    return tuple(
        FieldAccount(
            name, value, found.methods.get(name, "") if value else "", found.agreement.get(name), tuple(alternatives)
        )
        for name, value, alternatives in told
    )


def _titles(found: Article, reading: PageReading, names: Sequence[str]) -> list[Alternative]:
    ballots = {
        (ballot.candidate.value, ballot.candidate.method): ballot for ballot in title_ballots(reading.titles, names)
    }
    chosen = letters_and_digits(found.title)
    votes = sum(ballot.weight for ballot in ballots.values() if ballot.votes_for == chosen)
    every = sum(ballot.weight for ballot in ballots.values())
    alternatives, taken = [], False
    for candidate in reading.titles:
        ballot = ballots.get((without_site_name(candidate.value, names), candidate.method))
        is_chosen = (
            not taken and ballot is not None and ballot.key == chosen and candidate.method == found.methods.get("title")
        )
        taken = taken or is_chosen
        if is_chosen:
            why = f"{votes:g} of {every:g} votes"
        elif ballot is None:
            why = "is the site's name, or too short"
        elif ballot.votes_for == chosen:
            why = f"{AGREES if ballot.key == chosen else 'only adds to it'}: {ballot.weight:g} votes for it"
        else:
            why = f"{ballot.weight:g} votes for another title"
        alternatives.append(Alternative(candidate.value, candidate.method, is_chosen, why))
    return alternatives


def _published(found: Article, reading: PageReading, first_seen: datetime) -> list[Alternative]:
    return _moments(reading.published, found.published_date_time, found.methods.get("publishedDateTime"), first_seen)


def _modified(found: Article, reading: PageReading, first_seen: datetime) -> list[Alternative]:
    told = _moments(reading.modified, found.date_modified, found.methods.get("modified"), first_seen)
    if found.date_modified is None and found.published_date_time is not None:
        return [Alternative(one.value, one.method, False, "not after the publication") for one in told]
    return told


def _moments(
    candidates: Sequence[Candidate[Moment]], chosen: datetime | None, method: str | None, first_seen: datetime
) -> list[Alternative]:
    alternatives, taken = [], False
    for candidate in candidates:
        moment = candidate.value
        is_chosen = not taken and candidate.method == method and moment.instant.replace(microsecond=0) == chosen
        taken = taken or is_chosen
        why = "" if is_chosen else _unlike(moment, chosen, first_seen)
        alternatives.append(Alternative(_told(moment), candidate.method, is_chosen, why))
    return alternatives


def _unlike(moment: Moment, chosen: datetime | None, first_seen: datetime) -> str:
    """Return how *moment*, which was not taken, stands to the instant that was."""
    if not is_plausible(moment.instant, first_seen):
        return "not believed: " + ("it lies in the future" if moment.instant > first_seen else "it lies before the web")
    if chosen is None:
        return LATER
    if moment.instant.replace(microsecond=0) == chosen:
        return AGREES
    if moment.precision == "day":
        day = moment.instant
        return f"{AGREES}, without a time" if falls_on(Moment(chosen, "second"), day) else "another day"
    apart = abs(moment.instant - chosen)
    return f"{_duration(apart)} {'later' if moment.instant > chosen else 'earlier'}"


def _duration(apart: timedelta) -> str:
    seconds = int(apart.total_seconds())
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            number = round(seconds / size, 1)
            return f"{number:g} {name}{'' if number == 1 else 's'}"
    return f"{seconds} seconds"


def _excerpts(found: Article, reading: PageReading) -> list[Alternative]:
    alternatives, taken = [], False
    for candidate in reading.descriptions:
        is_chosen = not taken and candidate.method == found.methods.get("excerpt")
        taken = taken or is_chosen
        says_same = candidate.value.startswith(found.excerpt[:_SAME_START])
        passed_over = AGREES if says_same else LATER
        why = (
            ""
            if is_chosen
            else passed_over
            if says_more(candidate.value, found.title)
            else "says no more than the title"
        )
        alternatives.append(Alternative(candidate.value, candidate.method, is_chosen, why))
    if not taken and found.excerpt:
        alternatives.append(
            Alternative(found.excerpt, found.methods.get("excerpt", ""), True, "nothing better was told")
        )
    return alternatives


def _addresses(found: Article, reading: PageReading) -> list[Alternative]:
    told = _by_trust(reading.canonical_urls, found.url, str, key=_plain_address)
    here = _plain_address(reading.url)
    told = [
        one if one.is_chosen or names_this_page(_plain_address(one.value), here)
        else Alternative(one.value, one.method, False, "is not the address of this page")
        for one in told
    ]  # fmt: skip
    if not any(one.is_chosen for one in told):
        told.append(Alternative(found.url, "url:final", True, "where it was read from"))
    return told


def _plain_address(url: str) -> str:
    return urls.canonical(url) or url


def _images(found: Article, reading: PageReading) -> list[Alternative]:
    kept = {image.url for image in found.images}
    why = "enough are kept" if kept else "the page forbids showing its pictures"
    return [
        Alternative(_picture(one.value), one.method, one.value.url in kept, "" if one.value.url in kept else why)
        for one in reading.images
    ]


def _by_trust(
    candidates: Sequence[Candidate[T]],
    chosen: Any,
    show: Callable[[T], str],
    *,
    key: Callable[[Any], object] = lambda value: value,
) -> list[Alternative]:
    """Return *candidates* of a field whose first good one is taken; those that say the same as *chosen* agree."""
    alternatives, taken = [], False
    for candidate in candidates:
        is_same = bool(chosen) and key(candidate.value) == key(chosen)
        is_chosen = is_same and not taken
        taken = taken or is_chosen
        why = "" if is_chosen else AGREES if is_same else LATER if chosen else "was not used"
        alternatives.append(Alternative(show(candidate.value), candidate.method, is_chosen, why))
    return alternatives


def _people(names: Sequence[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


def _names(names: Sequence[str]) -> str:
    return ", ".join(names)


def _credited(found: Article) -> str:
    kinds = found.author_kinds or ("person",) * len(found.authors)
    return ", ".join(
        f"{name} (organisation)" if kind == "organization" else name
        for name, kind in zip(found.authors, kinds, strict=True)
    )


def _provider(found: Article) -> str:
    name, domain = found.provider.name, found.provider.domain
    return name if name == domain else f"{name} ({domain})"


def _instant(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}" if instant else ""


def _told(moment: Moment) -> str:
    if moment.precision == "day":
        return f"{moment.instant:%Y-%m-%d}"
    zone = moment.utc_offset_minutes
    told = "" if not zone else f" (told at UTC{'+' if zone > 0 else '−'}{abs(zone) // 60:02}:{abs(zone) % 60:02})"
    return f"{moment.instant:%Y-%m-%dT%H:%M:%SZ}{told}"


def _picture(image: Any) -> str:
    return f"{image.url} ({image.width} x {image.height})" if image.width else image.url


def _length(text: str) -> str:
    return f"{len(text):,} characters in {text.count(chr(10) * 2) + 1} paragraphs" if text else ""


def _opening(text: str) -> str:
    return f"{_length(text)}: {' '.join(text[:120].split())}…"
