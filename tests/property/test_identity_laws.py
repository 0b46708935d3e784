"""Whatever a source does to its entries from one poll to the next, each of its items has one record, with its own words."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from invented_bench import NOW, Desk
from newsloom.model.source import Source
from restless_feed import FEED, NEWS, Told, own, web, words

IDS = ("own", "renewed", "one for all", "of the place")
POLL = st.fixed_dictionaries(
    {
        "hours": st.sampled_from([1, 7, 30, 24 * 8]),
        "newest": st.integers(1, 3),
        "ids": st.sampled_from(IDS),
        "moved": st.booleans(),
        "redated": st.booleans(),
        "retitled": st.booleans(),
    }
)


def entries(poll: dict[str, object], newest: int, moment: timedelta) -> list[Told]:
    """Return what the feed lists at a poll: the four newest items."""
    listed = list(range(newest, max(-1, newest - 4), -1))
    return [
        Told(
            number,
            {
                "own": f"urn:harbor:{number}",
                "renewed": f"https://new.example/{moment}/{number}",
                "one for all": "urn:the:one",
                "of the place": f"entry-number-{place}",
            }[str(poll["ids"])],
            path=f"/archive/{number}" if poll["moved"] else "",
            at=NOW + moment if poll["redated"] else None,
            title=NEWS[number].title + " again" if poll["retitled"] else "",
        )
        for place, number in enumerate(listed)
    ]


@settings(max_examples=12, deadline=None)
@given(st.lists(POLL, min_size=2, max_size=4))
def test_one_item_one_record(polls: Sequence[dict[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), (Source(FEED),))
        seen: set[int] = set()
        newest, moment = -1, timedelta(0)
        for poll in polls:
            newest = min(newest + int(str(poll["newest"])), len(NEWS) - 1)
            moment += timedelta(hours=int(str(poll["hours"])))
            told = entries(poll, newest, moment)
            desk.run(web(*told), moment)
            seen.update(entry.story for entry in told)
        desk.run(web(*told), moment + timedelta(days=3))  # what was put off is read by now
        found = words(desk)
        desk.store.close()
        assert found == own(*seen)
