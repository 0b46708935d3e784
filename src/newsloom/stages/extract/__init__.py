"""Extract: from what a page says of itself, and what the feed said of it, to one Article with every field decided."""

from newsloom.stages.extract.account import Alternative, FieldAccount, account
from newsloom.stages.extract.article import ExtractOptions, article, article_from_entry, article_of
from newsloom.stages.extract.refusals import refuse_non_articles

__all__ = [
    "Alternative",
    "ExtractOptions",
    "FieldAccount",
    "account",
    "article",
    "article_from_entry",
    "article_of",
    "refuse_non_articles",
]
