"""Records into forms of publication, as (path, bytes): site, feeds, sitemaps, search index, JSON API. Pure."""
