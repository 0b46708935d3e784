"""schema.org and Open Graph words that say what a page is."""

from __future__ import annotations

ARTICLE_TYPES = frozenset(
    {
        "Article", "AdvertiserContentArticle", "AnalysisNewsArticle", "AskPublicNewsArticle", "BackgroundNewsArticle", "BlogPosting",
        "LiveBlogPosting", "NewsArticle", "OpinionNewsArticle", "Report", "ReportageNewsArticle", "Review", "ReviewNewsArticle",
        "SatiricalArticle", "ScholarlyArticle", "SocialMediaPosting", "TechArticle", "DiscussionForumPosting", "MedicalScholarlyArticle",
    }
)  # fmt: skip
"""Types whose node can be the article of a page: schema.org/Article and everything under it, and Review."""

VIDEO_TYPES = frozenset({"VideoObject", "Clip", "Episode", "TVEpisode", "Movie", "BroadcastEvent"})

PAGE_TYPES = frozenset({"WebPage", "ItemPage", "AboutPage", "MedicalWebPage", "FAQPage", "CreativeWork"})

LIST_PAGE_TYPES = frozenset({"CollectionPage", "SearchResultsPage", "ProfilePage", "ImageGallery"})

LISTED_IN = frozenset(
    {
        "itemListElement", "relatedLink", "significantLink", "mentions", "isBasedOn", "citation", "about", "comment", "suggestedAnswer", "hasPart",
        "itemReviewed", "isPartOf", "author", "publisher", "creator", "image", "thumbnail", "logo", "associatedMedia", "liveBlogUpdate",
        "blogPost", "review", "potentialAction", "breadcrumb", "interactionStatistic", "subjectOf", "workExample", "offers", "sharedContent",
    }
)  # fmt: skip
"""Properties under which another thing's node stands: an article found there is not the page's own."""

ORGANIZATION_TYPES = frozenset(
    {
        "Organization",
        "NewsMediaOrganization",
        "Corporation",
        "Brand",
        "LocalBusiness",
        "EducationalOrganization",
        "GovernmentOrganization",
    }
)


def local_name(type_name: str) -> str:
    """Return the bare type of `http://schema.org/NewsArticle`, `schema:NewsArticle` or `newsArticle`: `NewsArticle`."""
    name = type_name.strip().rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1].removeprefix("schema:")
    return name[:1].upper() + name[1:]
