"""What changed between the wordings of an item: headline, byline, figures, summary, text."""

from __future__ import annotations

from collections.abc import Sequence

from newsloom.model.article import Article
from newsloom.model.version import Change, ChangedField, Revision, Version
from newsloom.vocab.text import fingerprint, tokens

_MOST_FIGURES = 12


def changes(before: Article, after: Article) -> tuple[Change, ...]:
    """Return what *after* says differently from *before*, the weightiest first; empty when nothing that counts.

    Case, punctuation and spacing do not count. Figures and text are compared only where both texts are known.

    Example: a toll corrected from 9 to 14 gives `Change("figures", "9", "14")`.
    """
    found: list[Change] = []

    def compare(field: ChangedField, old: str, new: str) -> None:
        if fingerprint(old) != fingerprint(new):
            found.append(Change(field, old, new))

    compare("title", before.title, after.title)
    if {fingerprint(name) for name in before.authors} != {fingerprint(name) for name in after.authors}:
        found.append(Change("byline", ", ".join(before.authors), ", ".join(after.authors)))
    if bool(before.article_body) == bool(after.article_body):
        old, new = _figures(before), _figures(after)
        compare("figures", _listed(old, new), _listed(new, old))
    compare("excerpt", before.excerpt, after.excerpt)
    if before.article_body and after.article_body:
        old_parts, new_parts = _paragraphs(before), _paragraphs(after)
        compare("text", _counted(old_parts, new_parts), _counted(new_parts, old_parts))
    compare("access", before.access or "", after.access or "")
    return tuple(found)


def revisions(versions: Sequence[Version], current: Article) -> tuple[Revision, ...]:
    """Return what changed from each of *versions*, oldest first, to the next and at last to *current*; without empty ones."""
    wordings = [version.article for version in versions] + [current]
    found = (
        Revision(version.until, changes(version.article, after))
        for version, after in zip(versions, wordings[1:], strict=True)
    )
    return tuple(revision for revision in found if revision.changes)


def _figures(article: Article) -> list[str]:
    said = tokens(f"{article.title}\n{article.article_body or article.excerpt}")
    return list(dict.fromkeys(word for word in said if word[0].isdigit()))


def _listed(figures: Sequence[str], others: Sequence[str]) -> str:
    return ", ".join([figure for figure in figures if figure not in others][:_MOST_FIGURES])


def _paragraphs(article: Article) -> list[str]:
    return [part for part in map(fingerprint, article.article_body.split("\n\n")) if part]


def _counted(parts: Sequence[str], others: Sequence[str]) -> str:
    own = sum(1 for part in parts if part not in set(others))
    return f"{own} {'paragraph' if own == 1 else 'paragraphs'} of {len(parts)}" if own else ""
