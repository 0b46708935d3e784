"""Naming the provider, and crediting people rather than the house."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from newsloom.model.article import AuthorKind, Candidate
from newsloom.model.record import Provider
from newsloom.model.topic import Organization
from newsloom.vocab import credits, urls
from newsloom.vocab.plain import letters_and_digits, one_line

_HOME = re.compile(
    r"\s*[|–—:-]\s*(?:home\s?page|home|start(?:seite)?|startpage|official (?:web)?site|front page|accueil|inicio|rss(?: feed)?|latest news|breaking news)\s*$",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"^(?:©|\(c\)|copyright|all rights reserved|\d{4}(?:\s*[-–]\s*\d{4})?|\s|[,.:;|-])+", re.IGNORECASE
)
_DOMAIN = re.compile(r"^(?:https?://)?(?:[\w-]+\.)+[a-z]{2,12}/?$", re.IGNORECASE)
_SEGMENT = re.compile(r"\s+[|–—•:-]\s+|\s*\|\s*|:\s+")
_LONGEST = 60
_SHORTEST_NAME = 4


def choose_provider(
    url: str, site_names: Sequence[Candidate[str]], organizations: Mapping[str, Organization]
) -> tuple[Provider, str]:
    """Return the provider of *url* and how its name was found: the owner's file, the page's site name, else the domain.

    Args:
        organizations: by domain, as `_data/organizations` has them; a host's own file goes before its site's.
    """
    host = urls.host(url)
    domain = urls.registrable_domain(host)
    for key in (host, host.removeprefix("www."), domain):
        organization = organizations.get(key)
        if organization is not None:
            return Provider(organization.name, organization.domain, organization.images), "organizations:domain"
    named = [
        Candidate(name, candidate.method)
        for candidate in site_names
        if (name := clean_site_name(candidate.value, domain)) is not None
    ]
    if not named:
        return Provider(domain, domain), "url:domain"
    chosen = next((other for other in named[1:] if _only_adds_to(named[0].value, other.value)), named[0])
    return Provider(chosen.value, domain), chosen.method


def _only_adds_to(name: str, shorter: str) -> bool:
    """Return True when *name* is *shorter* with a slogan, a legal form or a section behind it."""
    return len(shorter) >= _SHORTEST_NAME and re.match(rf"{re.escape(shorter)}\W*\s", name, re.IGNORECASE) is not None


def clean_site_name(text: str, domain: str) -> str | None:
    """Return the site's name in *text* without slogan, copyright line or ` - Home`; None when nothing like a name is left.

    A bare address is no name, nor is a text of more than 60 characters. Of `Harbor Post | News from the coast`, the piece
    that resembles the domain stays, else the whole.
    """
    name = _HOME.sub("", _COPYRIGHT.sub("", one_line(text))).strip(" ,;:|–—-.")
    label = letters_and_digits(domain.split(".")[0])
    pieces = [piece.strip() for piece in _SEGMENT.split(name) if piece.strip()]
    if len(pieces) > 1:
        alike = [
            piece for piece in pieces if len(key := letters_and_digits(piece)) >= 3 and (key in label or label in key)
        ]
        if alike:
            name = alike[0]
    if not name or len(name) > _LONGEST or name.startswith("@") or not any(character.isalpha() for character in name):
        return None
    return None if _DOMAIN.match(name) and letters_and_digits(name) != label else name


def names_of_site(
    provider: Provider, site_names: Sequence[Candidate[str]], titles: Sequence[Candidate[str]] = ()
) -> tuple[str, ...]:
    """Return every name a title may carry for the site: the provider's, the page's own, the domain and its label.

    Some pages put their title where the site's name belongs: what the heading and og:title both say is no name.
    """
    label = provider.domain.split(".")[0]
    said = {
        method: {letters_and_digits(title.value) for title in titles if title.method == method}
        for method in ("html:h1", "opengraph:og:title")
    }
    own = {key for key in said["html:h1"] & said["opengraph:og:title"] if letters_and_digits(label) not in key}
    given = [candidate.value for candidate in site_names if letters_and_digits(candidate.value) not in own]
    cleaned = [clean_site_name(name, provider.domain) or "" for name in given]
    names = [provider.name, *given, *cleaned, provider.domain, label]
    names = [name for name in names if letters_and_digits(name) not in own]
    return tuple(dict.fromkeys(name for name in names if len(name) >= 2))


def choose_authors(
    candidates: Sequence[Candidate[tuple[str, ...]]], site_names: Sequence[str]
) -> Candidate[tuple[str, ...]] | None:
    """Return whom the page credits: the first list that names somebody other than the house, else the house alone."""
    houses = {letters_and_digits(name).removeprefix("the") for name in site_names}
    fallback = None
    for candidate in candidates:
        people = tuple(
            _without_house(name, site_names)
            for name in candidate.value
            if letters_and_digits(name).removeprefix("the") not in houses
        )
        if people and not all(map(_is_login, people)):
            return _completed(Candidate(people, candidate.method), candidates, houses)
        fallback = fallback or candidate
    return fallback


def author_kinds(
    authors: Sequence[str], organizations: frozenset[str], site_names: Sequence[str]
) -> tuple[AuthorKind, ...]:
    """Return for each of *authors* whether it is a person or an organisation.

    An organisation is what the page's data call one, the house itself, and a name with a word that only houses carry; but a
    name that is built like a person's stays a person's where the data merely call every author an organisation.
    """
    houses = {letters_and_digits(name).removeprefix("the") for name in site_names}

    def kind(name: str) -> AuthorKind:
        if letters_and_digits(name).removeprefix("the") in houses or credits.is_organization(name):
            return "organization"
        return "organization" if name.casefold() in organizations and not credits.is_personal(name) else "person"

    return tuple(kind(name) for name in authors)


def _without_house(name: str, site_names: Sequence[str]) -> str:
    """Return *name* without the house's name behind it (`Ann Writer Harbor Post`)."""
    for house in site_names:
        if len(house) >= 4 and name.casefold().endswith(" " + house.casefold()) and " " in name[: -len(house) - 1]:
            return name[: -len(house) - 1].removesuffix(" The").rstrip(" ,-–|")
    return name


def _is_login(name: str) -> bool:
    """Return True for `mschmidt` or `emma-mackenzie`: an account, not a name."""
    return name.isascii() and name.islower() and " " not in name


def _completed(
    first: Candidate[tuple[str, ...]], candidates: Sequence[Candidate[tuple[str, ...]]], houses: set[str]
) -> Candidate[tuple[str, ...]]:
    """Return the byline that readers see instead of *first* where it names all of it and a colleague or two: data often names one."""
    mine = {name.casefold() for name in first.value}
    for candidate in candidates:
        if candidate.method not in _SEEN_BYLINES:
            continue
        people = [name for name in candidate.value if letters_and_digits(name).removeprefix("the") not in houses]
        others = [name for name in people if name.casefold() not in mine]
        if not 0 < len(others) <= _COLLEAGUES or len(people) != len(mine) + len(others):
            continue
        if all(credits.is_personal(other) and not any(name in other.casefold() for name in mine) for other in others):
            return Candidate(tuple(people), candidate.method)
    return first


_SEEN_BYLINES = ("html:rel-author",)
_COLLEAGUES = 2
