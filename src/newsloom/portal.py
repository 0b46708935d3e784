"""A portal as its owner declared it: settings, sources, topics, providers and profile, read and validated."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from newsloom.adapters.files.atomic import write_atomic
from newsloom.adapters.files.copying import copy_portal_files
from newsloom.adapters.files.lock import PortalLock
from newsloom.adapters.files.opml import add_to_opml, read_sources, write_opml
from newsloom.adapters.files.organizations import scan_organizations
from newsloom.adapters.files.portal import PortalPaths, open_portal_folder
from newsloom.adapters.files.profiles import PACKAGED, read_profile
from newsloom.adapters.files.rules import read_rules
from newsloom.adapters.files.topics import read_media_topics, read_topics
from newsloom.config import Settings, read_settings, source_headers
from newsloom.errors import ConfigError
from newsloom.model.rule import Rule
from newsloom.model.score import Profile
from newsloom.model.source import Source
from newsloom.model.topic import Organization, Topic
from newsloom.vocab.takedowns import Takedowns, read_takedowns


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal's declarations, read and validated. `wrong` are provider files that were passed over, for `doctor` to name."""

    paths: PortalPaths
    settings: Settings
    sources: tuple[Source, ...]
    topics: tuple[Topic, ...]
    organizations: tuple[Organization, ...]
    profile: Profile
    takedowns: Takedowns = field(default_factory=Takedowns)
    wrong: tuple[ConfigError, ...] = ()
    rules: tuple[Rule, ...] = ()


def open_portal(folder: Path) -> Portal:
    """Read everything the owner declared in *folder*.

    Raises:
        PortalMissing: no portal there.
        ConfigError: a settings, topic, provider, profile or sources file is wrong; says where and what is right.
    """
    paths = open_portal_folder(folder)
    try:
        return _read_portal(paths)
    except OSError as error:  # a folder on the way; what is wrong with a file, its reader says
        raise ConfigError(f"cannot be read ({error.strerror})", where=str(error.filename or folder)) from error


def _read_topics(paths: PortalPaths, settings: Settings) -> tuple[Topic, ...]:
    listed = settings.topics.media_topics
    codes = read_media_topics(paths.root / listed) if listed else None
    return read_topics(paths.topics, media_topics=codes) if paths.topics.is_dir() else ()


def _read_portal(paths: PortalPaths) -> Portal:
    settings = read_settings(paths.settings)
    organizations, wrong = scan_organizations(paths.organizations)
    topics = _read_topics(paths, settings)
    return Portal(
        paths=paths,
        settings=settings,
        sources=read_sources(paths.sources) if paths.sources.exists() else (),
        topics=topics,
        rules=read_rules(paths.rules, topics=[topic.name for topic in topics]),
        organizations=organizations,
        profile=_read_profile(paths, settings),
        takedowns=_read_takedowns(paths),
        wrong=wrong,
    )


def _read_takedowns(paths: PortalPaths) -> Takedowns:
    try:
        return read_takedowns(paths.takedowns.read_text("utf-8"), where=str(paths.takedowns))
    except FileNotFoundError:
        return Takedowns()
    except UnicodeDecodeError as error:
        raise ConfigError("the list is not UTF-8 text", where=str(paths.takedowns)) from error


def _read_profile(paths: PortalPaths, settings: Settings) -> Profile:
    named, own = settings.scoring.profile, paths.root / settings.scoring.profile
    try:
        return read_profile(named if named in PACKAGED else own, settings.scoring.parameters)
    except ConfigError as error:
        error.where = error.where or f"{paths.settings} [scoring]"
        raise


def headers_for(portal: Portal, urls: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """Return what the owner wants sent to those of *urls* that newsloom.toml names: address → request headers.

    Raises:
        ConfigError: a secret is not in the environment, or a header cannot be sent.
    """
    return source_headers(portal.settings, only=urls)


def settings_at_fault(portal: Portal) -> tuple[ConfigError, ...]:
    """Return what is wrong with the secrets of the portal's sources: the next run would end with the first of them."""
    wrong = []
    for source in portal.sources:
        try:
            headers_for(portal, (source.url,))
        except ConfigError as error:
            wrong.append(error)
    return tuple(wrong)


def settings_of_nobody(portal: Portal) -> tuple[str, ...]:
    """Return the addresses that newsloom.toml sets something for and that no source has."""
    declared = {source.url for source in portal.sources}
    return tuple(url for url in portal.settings.sources if url not in declared)


def add_sources(portal: Portal, sources: Sequence[Source]) -> int:
    """Add *sources* to the portal's sources.opml, those of unknown address only; return how many were added.

    What a person wrote into the file stays as it is.
    """
    known = {source.url for source in portal.sources}
    fresh = tuple({s.url: s for s in sources if s.url not in known}.values())
    if fresh:
        path = portal.paths.sources
        if path.exists():
            data = add_to_opml(path.read_bytes(), fresh)
        else:
            data = write_opml(fresh, title=portal.settings.site.title)
        write_atomic(path, data)
    return len(fresh)


def import_records(portal: Portal, origin: Path) -> dict[str, int]:
    """Copy records, topics and providers of the portal in *origin*, byte for byte, never over a file that is there."""
    with PortalLock(portal.paths.root) as lock:
        return copy_portal_files(origin, portal.paths.root, lock.check)
