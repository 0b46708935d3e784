"""Invented items for tests of scoring: nothing here was ever published anywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from newsloom.model.article import Article
from newsloom.model.item import Item, item_id
from newsloom.model.record import Provider
from newsloom.model.topic import Organization, Topic, TopicLabel

NOW = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
TOPICS = (Topic(id="surveillance", name="Surveillance", keywords=("face scan", "camera")),)

STAFF_BODY = "\n\n".join(
    [
        (
            "The harbor council voted 7 to 4 on Monday to pause face scans at the ferry terminal, after records reviewed by the "
            "Harbor Post showed that 31 people had been stopped by mistake since January."
        ),
        (
            "“We bought a machine that nobody had tested on our own streets,” council member Ines Okafor told the meeting. “I was "
            "one of those who voted for it, and I was wrong.”"
        ),
        "The terminal's operator declined to comment. Its contract, worth $412,000 a year, runs until 2028.",
        *(
            f"Ferry worker number {number} described a queue at the gate that grew by the hour, with travellers asked to show "
            f"papers a second time while guards waited for a supervisor to arrive from the other pier across the water."
            for number in range(1, 9)
        ),
    ]
)


def article(
    title: str = "Council votes to pause face scans at the ferry terminal",
    *,
    domain: str = "harborpost.example",
    body: str = STAFF_BODY,
    url: str | None = None,
    **fields: object,
) -> Article:
    """Return a staff article as a page that was read gives it."""
    address = url or f"https://{domain}/{title.lower().replace(' ', '-')}"
    told: dict[str, object] = {
        "published_date_time": NOW - timedelta(hours=1, seconds=17),
        "authors": ("Mara Lindqvist",),
        "in_language": "en",
        "excerpt": "The council paused the scans after dozens of people were stopped by mistake.",
        **fields,
    }
    return Article(
        url=address,
        original_url=address,
        title=title,
        type="article",
        provider=Provider(domain.split(".")[0].title(), domain),
        article_body=body,
        **told,  # type: ignore[arg-type]
    )


def item(
    made: Article | None = None, *, key: str = "", hours_ago: float = 1.0, topic: float | None = 0.8, **fields: object
) -> Item:
    """Return an item with one topic of confidence *topic* (None: no topic fits), seen *hours_ago*."""
    made = made or article(published_date_time=None) if hours_ago != 1.0 else made or article()
    labels = (TopicLabel("Surveillance", topic),) if topic is not None else ()
    return Item(
        id=key or item_id(made.url),
        article=made,
        first_seen=NOW - timedelta(hours=hours_ago),
        topics=labels,
        **fields,  # type: ignore[arg-type]
    )


def organization(domain: str, standing: int | None) -> Organization:
    """Return a provider file's content."""
    return Organization(domain=domain, name=domain.split(".")[0].title(), standing=standing)
