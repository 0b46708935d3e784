"""Provider files: `_data/organizations/<domain>.md`, YAML front matter with a body that people may use for notes.

Keys of the origin: taxonomy, _id, name, domain, description, otherNames, images. newsloom's own: standing (0..100) and kind
(`national`, `local`, `wire`, `trade`, `blog`, …). Other keys are theirs to keep and are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from newsloom.adapters.files.declarations import read_declaration, read_image
from newsloom.errors import ConfigError
from newsloom.model.topic import Organization
from newsloom.vocab.typed_values import WrongValue, members, required, text, whole
from newsloom.vocab.yaml12 import KeySpan, Tree, YamlError, read_mapping

MAX_BYTES = 64 * 1024
MAX_FILES = 20_000
_HINT = "The provider counts as unknown until the file is mended."

_DOMAIN = re.compile(r"(?=.{1,253}$)[^\s/:@?#\\.]{1,63}(\.[^\s/:@?#\\.]{1,63})+")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


def read_organizations(folder: Path) -> tuple[Organization, ...]:
    """Return the providers described in *folder*, in order of file name; files that cannot be read are left out.

    `scan_organizations` tells which and why.
    """
    return scan_organizations(folder)[0]


def scan_organizations(folder: Path) -> tuple[tuple[Organization, ...], tuple[ConfigError, ...]]:
    """Return the providers described in *folder* and what is wrong with the other files, each with file and line.

    A folder that is not there is empty. A second file for a domain is wrong; the first by name counts.
    """
    found: dict[str, Organization] = {}
    wrong: list[ConfigError] = []
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".md") if folder.is_dir() else []
    except OSError as error:
        return (), (ConfigError(f"cannot be read ({error.strerror})", where=str(folder)),)
    for path in paths[:MAX_FILES]:
        try:
            organization = read_organization(path)
        except ConfigError as error:
            wrong.append(error)
            continue
        earlier = found.setdefault(organization.domain, organization)
        if earlier is not organization:
            wrong.append(_wrong(path, 1, f"{organization.domain} is described in {Path(earlier.path).name} too"))
    if len(paths) > MAX_FILES:
        wrong.append(_wrong(folder, 1, f"more than {MAX_FILES} files; the rest was not read"))
    return tuple(found.values()), tuple(wrong)


def read_organization(path: Path) -> Organization:
    """Return the provider that *path* describes.

    Raises:
        ConfigError: the file cannot be read or says something that cannot be; `where` is `file:line`.
    """
    front, first_line = _front_matter(path)
    try:
        tree, spans = read_mapping(front)
    except YamlError as error:
        raise _wrong(path, first_line + error.line, error.message) from None
    try:
        return _organization(tree, path)
    except WrongValue as error:
        raise _wrong(path, first_line + _line_of(error.key, spans), error.message) from None


def _front_matter(path: Path) -> tuple[str, int]:
    """Return the YAML between the `---` lines of *path* and the number of its first line."""
    match = _FRONT_MATTER.match(read_declaration(path, MAX_BYTES, hint=_HINT))
    if match is None:
        raise _wrong(path, 1, "no front matter between two `---` lines")
    return match[1], 2


def _organization(tree: Mapping[str, Tree], path: Path) -> Organization:
    def told(key: str) -> str | None:
        return text(tree[key], key) if key in tree else None

    domain = (told("domain") or told("_id") or path.stem).strip().lower().removeprefix("www.")
    if not _DOMAIN.fullmatch(domain):
        raise WrongValue("domain", f"`domain` must be a host name like example.org, not {domain[:60]!r}")
    standing = whole(tree["standing"], "standing", 0) if "standing" in tree else None
    if standing is not None and standing > 100:
        raise WrongValue("standing", f"`standing` must be from 0 to 100, not {standing}")
    return Organization(
        domain=domain,
        name=required(told("name"), "name"),
        description=told("description") or "",
        images=tuple(members(tree["images"], "images", read_image)) if "images" in tree else (),
        standing=standing,
        kind=told("kind"),
        path="/".join(path.parts[-3:]),  # from the portal's folder on: the same wherever the portal lies
        other_names=tuple(members(tree["otherNames"], "otherNames", text)) if "otherNames" in tree else (),
    )


def _line_of(key: str, spans: Iterable[KeySpan]) -> int:
    outermost = re.split(r"[.\[]", key, maxsplit=1)[0]
    return next((span.line for span in spans if span.key == outermost), 0)


def _wrong(path: Path, line: int, message: str) -> ConfigError:
    return ConfigError(message, where=f"{path}:{line}", hint=_HINT)


def by_domain(organizations: Iterable[Organization]) -> Mapping[str, Organization]:
    """Return *organizations* by domain: what scoring and extraction look providers up in."""
    return {organization.domain: organization for organization in organizations}


def by_name(organizations: Iterable[Organization]) -> Mapping[str, Organization]:
    """Return *organizations* by name and other names, case-folded, blanks collapsed. A name that two claim is left out.

    Names help to find a provider's logo or domain; they prove nothing, so no score goes by them.
    """
    claims: dict[str, set[Organization]] = {}
    for organization in organizations:
        for name in (organization.name, *organization.other_names):
            claims.setdefault(name_key(name), set()).add(organization)
    return {name: next(iter(owners)) for name, owners in claims.items() if name and len(owners) == 1}


def name_key(name: str) -> str:
    """Return *name* as `by_name` knows it."""
    return " ".join(name.casefold().split())
