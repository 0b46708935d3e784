"""Extract: from what a page says of itself, and what the feed said of it, to one Article with every field decided."""

from newsloom.stages.extract.article import ExtractOptions, article, article_from_entry

__all__ = ["ExtractOptions", "article", "article_from_entry"]
