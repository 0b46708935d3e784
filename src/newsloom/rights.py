"""What others have a say in: taking something down for good, and what publishers allow to be shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from newsloom import pipeline
from newsloom.adapters.files.atomic import write_atomic
from newsloom.adapters.files.lock import PortalLock
from newsloom.adapters.files.records import MarkdownRecordFolder
from newsloom.app import at_work
from newsloom.errors import UsageError
from newsloom.flow.review import find_record
from newsloom.flow.takedown import addresses
from newsloom.flow.world import Notify
from newsloom.model.item import recorded_id
from newsloom.model.record import Record
from newsloom.portal import Portal, open_portal
from newsloom.stages.record import is_tombstone
from newsloom.stages.record.making import LONGEST_EXCERPT
from newsloom.vocab.rights import allows_pictures, snippet_limit
from newsloom.vocab.takedowns import address_hash, takedown_line
from newsloom.vocab.urls import is_public_suffix, parse_web

_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]")


@dataclass(frozen=True, slots=True)
class Audited:
    """What the records say of rights.

    Attributes:
        reserved: directive, or `tdm-reservation` → number of records whose page says so.
        paywalled: published records of texts behind a paywall.
        taken_down: tombstones.
        findings: records that show more than their page allows, each with what and what to do.
    """

    reserved: Mapping[str, int]
    paywalled: int
    taken_down: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One record that shows more than it may: its path, and what is wrong."""

    path: str
    what: str


def audit(portal: Portal) -> Audited:
    """Return what publishers reserve, by the records, and where the portal shows more than that. Reads only."""
    files, _ = MarkdownRecordFolder(portal.paths.root).read_all()
    counts: Counter[str] = Counter()
    findings: list[Finding] = []
    for file in files:
        notes = file.record.bookkeeping
        if is_tombstone(file.record):
            counts["tombstones"] += 1
        elif notes is not None:
            counts.update(f"right {right}" for right in notes.rights)
            counts["paywalled"] += bool(notes.access == "paywalled" and file.record.published)
            findings.extend(Finding(file.path, what) for what in _too_much(file.record, notes.rights))
    reserved = {name.removeprefix("right "): count for name, count in counts.items() if name.startswith("right ")}
    return Audited(dict(sorted(reserved.items())), counts["paywalled"], counts["tombstones"], tuple(findings))


def _too_much(record: Record, rights: Collection[str]) -> Iterable[str]:
    """Yield what *record* shows beyond its page's *rights*: most often an edit by hand, or a limit set after it was read."""
    limit = snippet_limit(rights, LONGEST_EXCERPT)
    if record.excerpt != record.title and len(record.excerpt) > limit:
        yield f"the excerpt has {len(record.excerpt)} characters, the page allows {limit}"
    if record.images and not allows_pictures(rights):
        yield "it shows a picture, the page allows none"


def take_down(portal: Portal, target: str, *, reason: str, by: str, now: datetime, notify: Notify) -> None:
    """Take *target* down: it leaves the records, the working state and all links, and never comes in again.

    The list `_data/takedowns.jsonl` says so first; what follows is done by every run, so a crash on the way loses nothing. The
    published site is as it was until the next `publish`.

    Args:
        target: an item (id, path, file name or address), an address not collected yet, or a domain with all below it.

    Raises:
        UsageError: *target* is none of these, or *reason* is empty.
        StorageError, PortalLocked: see there.
    """
    if not reason.strip():
        raise UsageError("a takedown needs a reason", where=target, hint="It stays in the records, for whoever asks")
    path = portal.paths.takedowns
    with PortalLock(portal.paths.root) as lock:
        before = path.read_text("utf-8") if path.exists() else ""
        lines = [
            takedown_line(kind, value, reason=" ".join(reason.split()), by=by, at=now)
            for kind, value in _named(portal, target)
            if value
            not in {"item": portal.takedowns.items, "address": portal.takedowns.addresses}.get(
                kind, portal.takedowns.domains
            )
        ]
        if lines:
            joint = "" if before.endswith("\n") or not before else "\n"
            write_atomic(path, (before + joint + "".join(lines)).encode(), guard=lock.check)
    with at_work(open_portal(portal.paths.root), notify) as bench:
        pipeline.rework(bench, now)


def _names_host(target: str) -> bool:
    """Return True when *target* is written as a domain or an IP address, such as a provider without a name has."""
    try:
        ip_address(target.strip("[]"))
    except ValueError:
        return _DOMAIN.fullmatch(target.strip(".")) is not None
    return True


def _named(portal: Portal, target: str) -> Iterable[tuple[str, str]]:
    """Yield what *target* means, as kind and value of the list."""
    files, _ = MarkdownRecordFolder(portal.paths.root).read_all()
    is_address = parse_web(target) is not None
    if not is_address and _names_host(target) and not target.endswith(".md"):
        bare = target.strip(".[]")
        host = parse_web(f"https://[{bare}]/" if ":" in bare else f"https://{bare}/")
        if host is not None:
            yield "domain", _no_suffix(host.hostname.lower())
            return
    hashed = address_hash(target) if is_address else ""
    found = [
        file for file in files if hashed and any(address_hash(url) == hashed for url in addresses(file.record) if url)
    ]
    if not found and not is_address:
        found = [find_record(files, target)]
    if hashed:
        yield "address", hashed
    for file in found:
        yield "item", recorded_id(file)
        hashes = dict.fromkeys(address_hash(url) for url in addresses(file.record) if url)
        yield from (("address", other) for other in hashes if other != hashed)


def _no_suffix(name: str) -> str:
    """Return *name*. Raises UsageError for a suffix under which anybody registers: none of these sites would come in again."""
    if is_public_suffix(name):
        raise UsageError(
            "that is a public suffix: every site below it would be taken down",
            where=name,
            hint="Name the domain of one publisher, such as paper.co.uk",
        )
    return name
