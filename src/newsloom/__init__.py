"""newsloom: from sources to a portal of stories, one Markdown record per news item."""

__version__ = "0.1.0"
