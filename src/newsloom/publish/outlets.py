"""The forms a portal is published in."""

from __future__ import annotations

from collections.abc import Mapping

from newsloom.model.portal import SiteOptions
from newsloom.ports.outlets import Outlet
from newsloom.publish.api import OriginApi
from newsloom.publish.feeds import Feeds
from newsloom.publish.opml import SourceList
from newsloom.publish.site import Site
from newsloom.publish.sitemap import Sitemap


def outlets(site: SiteOptions, overrides: Mapping[str, str]) -> tuple[Outlet, ...]:
    """Return the outlets of a portal, in the order they are published: data before the pages that point to it.

    Args:
        site: how the portal presents itself. All outlets are on for every portal today.
        overrides: the owner's templates, name → text; see `Site`.
    """
    return (OriginApi(), Feeds(), SourceList(), Site(overrides), Sitemap())
