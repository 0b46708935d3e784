"""The front page as data: which stories lead, in what order, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from newsloom.model.portal import Edition
from newsloom.publish.entries import Entry
from newsloom.publish.stories import Newsroom, Story, newsroom

_LATEST_OF_A_STORY = 2


def front(edition: Edition, *, topic: str | None = None) -> list[dict[str, Any]]:
    """Return the stories on the front page of *edition*, hottest first, as many as the site shows.

    *topic*: only stories whose lead has that topic.
    """
    stories = [
        story for story in newsroom(edition).stories if topic is None or topic in (t.name for t in story.lead.topics)
    ]
    return [_line(place, story) for place, story in enumerate(stories[: edition.site.stories_on_front], 1)]


def latest_reports(news: Newsroom, above: Sequence[Story], limit: int) -> list[tuple[Entry, str]]:
    """Return the newest reports and the page each leads to, newest first, at most two of a story.

    Left out are copies, and what the cards of the stories *above* already say: their leads and their latest reports.
    """
    told = {story.lead.id for story in above} | {story.latest.id for story in above if story.latest}
    reports = [(report.entry, story) for story in news.stories for report in story.coverage]
    reports.sort(key=lambda pair: (pair[0].at, pair[0].id), reverse=True)
    found: list[tuple[Entry, str]] = []
    of_story: Counter[str] = Counter()
    for entry, story in reports:
        if len(found) == limit:
            break
        if entry.id not in told and of_story[story.id] < _LATEST_OF_A_STORY:
            of_story[story.id] += 1
            found.append((entry, entry.page if entry.published else story.page))
    return found


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
