"""Invented items and records, and hypothesis strategies for them, shared by tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from newsloom.model.article import Article
from newsloom.model.item import Item, item_id
from newsloom.model.record import (
    Bookkeeping,
    Decision,
    Image,
    Provider,
    Record,
    Related,
    RelationNote,
)
from newsloom.model.score import Score, Term
from newsloom.model.topic import TopicLabel

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
HARBOR = Provider("Harbor Post", "harborpost.example")


def item(number: int = 1, **changes: object) -> Item:
    """Return an invented item, complete; *changes* replace fields of the item."""
    url = f"https://harborpost.example/2026/03/02/face-scans-{number}"
    article = Article(
        url=url,
        original_url=url + "?ref=feed",
        title=f"Council votes to pause face scans, part {number}",
        excerpt="The vote follows two years of debate.",
        type="article",
        provider=HARBOR,
        published_date_time=datetime(2026, 3, 2, 13, 0, number, tzinfo=UTC),
        images=(Image("https://harborpost.example/i.jpg", 1200, 630),),
        authors=("Ann Doe",),
        in_language="en",
        access="free",
        article_body="The council voted on Monday. It was close.",
        methods={"title": "json-ld:headline", "excerpt": "meta:description"},
    )
    made = Item(
        id=item_id(url),
        article=article,
        first_seen=datetime(2026, 3, 2, 13, 20, tzinfo=UTC),
        source="https://reader:secret@harborpost.example/feed.xml",
        story="s" + item_id(url)[:12],
        topics=(TopicLabel("AI", 0.931), TopicLabel("Facial Recognition", 0.8)),
        quality=Score((Term("source", 40), Term("depth", 31), Term("clickbait", 0))),
        heat=Score((Term("coverage", 12),)),
        lead=True,
        published=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def related_items() -> tuple[Item, Item]:
    """Return two items that `with_relations` links to."""
    return item(2), item(3)


def with_relations(made: Item) -> Item:
    """Return *made* with links to `related_items`."""
    notes = tuple(
        RelationNote(other.id, "same topic, “face scans”", 0.5 + n / 10) for n, other in enumerate(related_items())
    )
    return replace(made, relations=notes)


# Characters that YAML, Markdown or a terminal has opinions about come up far more often than chance would have it.
_TEXT = st.text(
    st.one_of(
        st.sampled_from(
            " \t\n\r:#-?,[]{}&*!|>'\"%@`\\~=<.0123456789eE+_yYnNoOtTrRuU/\x07\x7f\x85\xa0\u2028\ufeff\ufffe😀é日ا"
        ),
        st.characters(exclude_categories=("Cs",), exclude_characters="\x00"),
    ),
    max_size=40,
)
WORDS = st.one_of(
    _TEXT,
    st.sampled_from(
        ["no", "NO", "12:30", "1e3", "null", "~", "2026-03-02", "a: b", "x #y", "- z", "---", "=", "<<", "0x1F"]
    ),
)
NAMES = WORDS.filter(bool)
INSTANTS = st.integers(0, 315_000_000_000).map(
    lambda seconds: datetime(1, 1, 2, tzinfo=UTC) + timedelta(seconds=seconds)
)
_COUNTS = st.integers(0, 999_999_999)
IMAGES = st.builds(Image, WORDS, st.none() | _COUNTS, st.none() | _COUNTS, st.none() | WORDS, st.booleans())
PROVIDERS = st.builds(Provider, NAMES, WORDS, st.lists(IMAGES, max_size=2).map(tuple))
_TYPES = st.sampled_from(["article", "video"])
_OPTIONAL = st.none() | WORDS
RELATED = st.builds(
    Related,
    WORDS,
    WORDS,
    INSTANTS,
    _OPTIONAL,
    _TYPES,
    PROVIDERS,
    st.none() | _COUNTS,
    _OPTIONAL,
    _OPTIONAL,
    st.lists(IMAGES, max_size=1).map(tuple),
)
_RATIOS = st.integers(0, 1000).map(lambda n: n / 1000)
NOTES = st.builds(
    Bookkeeping,
    id=WORDS,
    first_seen=st.none() | INSTANTS,
    source=_OPTIONAL,
    language=_OPTIONAL,
    access=st.sampled_from([None, "free", "paywalled"]),
    authors=st.lists(WORDS, max_size=2).map(tuple),
    modified=st.none() | INSTANTS,
    story=_OPTIONAL,
    lead=st.sampled_from([None, True, False]),
    duplicate_of=_OPTIONAL,
    methods=st.dictionaries(WORDS, WORDS, max_size=2),
    topics=st.dictionaries(WORDS, _RATIOS, max_size=2),
    quality_parts=st.dictionaries(WORDS, st.integers(-999, 999), max_size=2),
    heat_parts=st.dictionaries(WORDS, st.integers(-999, 999), max_size=2),
    relations=st.lists(st.builds(RelationNote, WORDS, WORDS, _RATIOS), max_size=2).map(tuple),
    decisions=st.lists(st.builds(Decision, WORDS, WORDS, INSTANTS, _OPTIONAL), max_size=2).map(tuple),
    digests=st.dictionaries(WORDS, WORDS, max_size=2),
    tombstone=_OPTIONAL,
)
RECORDS = st.builds(
    Record,
    title=WORDS,
    excerpt=WORDS,
    published_date_time=INSTANTS,
    type=_TYPES,
    provider=PROVIDERS,
    category=st.just("news") | NAMES,
    original_url=_OPTIONAL,
    web_url=_OPTIONAL,
    amp_web_url=_OPTIONAL,
    cdn_amp_web_url=_OPTIONAL,
    quality=st.none() | _COUNTS,
    heat=st.none() | st.integers(-1, 999),
    published=st.sampled_from([None, True, False]),
    featured_content=_OPTIONAL,
    topics=st.lists(WORDS, max_size=3).map(tuple),
    images=st.lists(IMAGES, max_size=2).map(tuple),
    related=st.lists(RELATED, max_size=2).map(tuple),
    secured=_OPTIONAL,
    bookkeeping=st.none() | NOTES,
    body=st.just("\n"),
)
