"""The front page as data: which stories lead, in what order, and why."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from newsloom.model.portal import Edition
from newsloom.publish.stories import Story, newsroom


def front(edition: Edition, *, topic: str | None = None) -> list[dict[str, Any]]:
    """Return the stories on the front page of *edition*, hottest first, as many as the site shows.

    *topic*: only stories whose lead has that topic.
    """
    stories = [
        story for story in newsroom(edition).stories if topic is None or topic in (t.name for t in story.lead.topics)
    ]
    return [_line(place, story) for place, story in enumerate(stories[: edition.site.stories_on_front], 1)]


def _line(place: int, story: Story) -> dict[str, Any]:
    lead = story.lead
    return {
        "place": place,
        "story": story.id,
        "heat": story.heat,
        "title": lead.title,
        "item": lead.id,
        "provider": lead.provider,
        "link": lead.link,
        "page": story.page,
        "published": lead.at.astimezone(UTC),
        "topics": [topic.name for topic in lead.topics],
        "quality": lead.record.quality,
        "reports": len(story.coverage),
        "copies": len(story.members) - len(story.coverage),
        "providers": list(story.providers),
    }
