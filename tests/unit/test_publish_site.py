"""What the site shows, and what it must never show."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from invented_edition import NOW, SITE, invented, record_file
from newsloom.errors import ConfigError
from newsloom.model.portal import Edition, SiteOptions
from newsloom.model.record import Provider, RecordFile, Related, RelationNote
from newsloom.publish.site import Site
from newsloom.publish.stories import newsroom

BIG = "stories/sbig/index.html"
STORY = "stories/sq/index.html"
LEAD = "news/2026-03-10-item-3/index.html"


@pytest.fixture(scope="module")
def site() -> dict[str, bytes]:
    return {file.path: file.body for file in Site().files(invented())}


def page(site: dict[str, bytes], path: str) -> LexborHTMLParser:
    return LexborHTMLParser(site[path].decode())


def pages(site: dict[str, bytes]) -> dict[str, LexborHTMLParser]:
    return {path: LexborHTMLParser(body.decode()) for path, body in site.items() if path.endswith(".html")}


def text(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    assert node is not None, selector
    return " ".join(node.text().split())


def links(tree: LexborHTMLParser, selector: str = "a") -> list[str]:
    return [node.attributes.get("href") or "" for node in tree.css(selector)]


def test_front_page_leads_with_the_hottest_story_by_live_heat(site: dict[str, bytes]) -> None:
    front = page(site, "index.html")
    headlines = [" ".join(node.text().split()) for node in front.css(".card .headline")]
    assert headlines[0].startswith("Coalition of seventy-five groups")
    assert headlines[1] == "Inside the control room: how the cameras decide"
    assert "Heat 91" in text(front, ".card .why summary")
    assert "Heat now 91, 96 when the story last changed" in text(front, ".card .why")
    assert "independent coverage +60" in text(front, ".card .why")


def test_front_page_without_live_heat_uses_the_records_own() -> None:
    news = newsroom(replace(invented(), heats={}))
    assert [story.heat for story in news.stories[:3]] == [96, 88, 80]
    assert list(news.stories) == sorted(news.stories, key=lambda s: (s.heat, s.newest), reverse=True)


def test_card_names_who_reported(site: dict[str, bytes]) -> None:
    assert text(page(site, "index.html"), ".lead .coverage") == (
        "Reported by 4 providers: Harbor Post, North Quay News, Civic Wire, The Dunmore Ledger; the same text at 2 more"
    )


def test_story_page_is_a_timeline_with_the_first_report_and_folded_copies(site: dict[str, bytes]) -> None:
    tree = page(site, BIG)
    reports = tree.css(".timeline > li")
    assert len(reports) == 5
    assert [node.css_first("time").attributes["datetime"] for node in reports] == sorted(
        str(node.css_first("time").attributes["datetime"]) for node in reports
    )
    assert reports[0].css_first(".first") is not None
    assert "Also at: Lakeside Tribune, Signal & Noise" in " ".join(reports[0].text().split())
    assert all(node.css_first(".first") is None for node in reports[1:])
    assert (
        text(tree, "#background ~ .links")
        == "Why the lakefront cameras were switched on in 2019 Civic Wire 29 January 2026, 06:00 earlier report on the same cameras"
    )


def changed(tree: LexborHTMLParser) -> list[str]:
    return [" ".join(node.text().split()) for node in tree.css(".changes > li")]


def test_what_publishers_changed_is_on_the_page_of_the_story_and_of_the_item(site: dict[str, bytes]) -> None:
    lead = "Coalition of seventy-five groups presses Chicago to drop face recognition for good"
    told = f"10 March 2026, 05:00 The Dunmore Ledger Headline Seventy groups press Chicago {lead} Figures 70 75"
    assert changed(page(site, BIG)) == ["9 March 2026, 11:00 Harbor Post Byline (none) Ada Brill", told]
    assert changed(page(site, LEAD)) == [told.replace("The Dunmore Ledger ", "")]
    assert changed(page(site, "news/2026-03-08-item-14/index.html")) == []


def test_a_newer_report_stands_beside_the_headline_it_may_have_overtaken() -> None:
    def told(story: tuple[RecordFile, ...]) -> list[str]:
        made = {file.path: file.body for file in Site().files(Edition(story, (), (), SITE, NOW))}
        return [text(page(made, path), ".update") if b"update" in made[path] else "" for path in ("index.html", STORY)]

    lead = record_file(4, "Quake kills nine", story="sq")
    newer = record_file(2, "Toll of quake rises to 31", story="sq", lead=False, published=False, heat=-1)
    says = "Latest: Toll of quake rises to 31 Lakeside Tribune 10 March 2026, 00:26"
    assert told((lead, replace(newer, path="_news/newer.md"))) == [says.replace("Lakeside Tribune", "Civic Wire")] * 2
    copy = record_file(
        2, "Toll rises", story="sq", lead=False, published=False, duplicate_of=lead.record.bookkeeping.id
    )  # type: ignore[union-attr]
    older = record_file(6, "Quake felt", story="sq", lead=False, published=False)
    same = record_file(2, "QUAKE kills nine!", story="sq", lead=False, published=False)
    assert [told((lead, other)) for other in (copy, older, same)] == [["", ""]] * 3


def test_every_sum_on_the_front_page_adds_up(site: dict[str, bytes]) -> None:
    sums = 0
    for fold in page(site, "index.html").css(".why"):
        for name, parts in zip(fold.css("dt"), fold.css("dd"), strict=True):
            points = [int(node.text().replace("−", "-")) for node in parts.css(".points")]
            # A record from before newsloom keeps no parts, and a total set by hand is said to be one.
            if points and "set by hand" not in parts.text():
                assert sum(points) == int(name.text().split()[-1])
                sums += 1
    assert sums > 20


def test_latest_reports_repeat_nothing_that_stands_above_them() -> None:
    edition = invented(replace(SITE, stories_on_front=5))
    tree = page({file.path: file.body for file in Site().files(edition)}, "index.html")
    listed = [node.text() for node in tree.css(".ticker a")]
    assert len(listed) == 10 and not set(listed) & {node.text() for node in tree.css(".card .headline a, .update a")}
    assert links(tree, ".ticker a").count("/portal/stories/sbig/") == 2
    alone = replace(edition, records=edition.records[:1])
    tree = page({file.path: file.body for file in Site().files(alone)}, "index.html")
    assert tree.css_first(".card") is not None and tree.css_first(".rail") is None


def test_the_page_says_when_the_last_news_came_in(site: dict[str, bytes]) -> None:
    assert text(page(site, "index.html"), ".as-of") == "Last news came in 9 March 2026, 21:09"


def test_the_lead_is_marked_in_the_timeline_and_its_heat_is_said_to_be_of_then(site: dict[str, bytes]) -> None:
    assert "Shown as headline" in text(page(site, BIG), ".timeline .is-lead .meta")
    assert "Shown as headline" not in text(page(site, BIG), ".timeline li .meta")
    receipts = page(site, LEAD).css_first(".receipts")
    assert receipts is not None and "Heat 96" in receipts.text()
    assert "the front page shows it as it is now" in receipts.text()


def test_a_reason_that_only_repeats_the_heading_is_left_out() -> None:
    kept = record_file(3, "A story", story="sx")
    notes = kept.record.bookkeeping
    assert notes is not None
    related = Related("Before", "…", NOW - timedelta(days=40), "https://civicwire.example/b", "article", Provider("Civic Wire", "civicwire.example"), 80)  # fmt: skip
    linked = replace(
        kept.record,
        related=(related,),
        bookkeeping=replace(notes, relations=(RelationNote("0" * 16, "background", 0.7),)),
    )
    other = record_file(5, "The same", story="sx", lead=False, published=False)
    edition = Edition((RecordFile(kept.path, linked), other), (), (), SITE, NOW)
    made = {file.path: file.body for file in Site().files(edition)}
    assert "background" not in text(page(made, "stories/sx/index.html"), ".links")


def test_unpublished_coverage_links_to_the_original_and_has_no_page(site: dict[str, bytes]) -> None:
    headline = page(site, BIG).css_first(".timeline .headline a")
    assert headline is not None and headline.attributes["href"] == "https://harborpost.example/2026/12"
    assert not any("item-12/" in path for path in site)


@pytest.mark.parametrize("word", ["HELD", "TOMBSTONE", "UNRANKED", "FULL ARTICLE TEXT"])
def test_what_was_held_taken_down_unranked_or_licensed_text_is_nowhere(site: dict[str, bytes], word: str) -> None:
    assert [path for path, body in site.items() if word.encode() in body] == []


def test_item_page_sends_the_reader_to_the_original(site: dict[str, bytes]) -> None:
    tree = page(site, LEAD)
    assert text(tree, ".call a") == "Read the article at The Dunmore Ledger"
    assert links(tree, ".call a") == ["https://dunmoreledger.example/2026/3"]
    assert text(tree, ".byline") == "By Ada Brill, Tomás Quint"
    assert (
        text(tree, ".receipt") == "Quality 85 ReasonPoints source+50 image+20 original reporting+18 clickbait−3 Total85"
    )
    assert "AI How sure: 97 %" in text(tree, ".sure")


def test_times_are_absolute_and_in_the_sites_zone(site: dict[str, bytes]) -> None:
    when = page(site, LEAD).css_first("header .meta time")
    assert when is not None
    assert (when.attributes["datetime"], when.text()) == ("2026-03-09T21:09:00-05:00", "9 March 2026, 21:09")


def test_a_persons_markdown_is_rendered_and_made_safe(site: dict[str, bytes]) -> None:
    note = page(site, LEAD).css_first(".note .prose")
    assert note is not None
    html = note.html or ""
    assert "<strong>twice</strong>" in html and 'href="https://civicwire.example/"' in html
    assert "<script" not in html and 'href="javascript' not in html


def test_video_is_a_link_with_a_poster_never_a_frame(site: dict[str, bytes]) -> None:
    tree = page(site, "news/2026-03-08-item-14/index.html")
    assert text(tree, ".call a") == "Watch the video at Civic Wire"
    assert tree.css_first("figure .is-video img") is not None
    assert all(p.css_first("iframe, video, object, embed") is None for p in pages(site).values())


def test_video_without_any_page_links_to_what_it_embeds() -> None:
    video = record_file(
        1,
        "Only an embed",
        type="video",
        web_url=None,
        original_url=None,
        featured_content='<iframe src="//www.youtube.com/embed/abc?a=1&amp;b=2"></iframe>',
    )
    (entry,) = newsroom(Edition((video,), (), (), SITE, NOW)).published
    assert entry.link == "https://www.youtube.com/embed/abc?a=1&b=2"


def test_no_page_makes_a_request_to_anyone_else(site: dict[str, bytes]) -> None:
    for path, tree in pages(site).items():
        loaded = [node.attributes.get("src") for node in tree.css("[src]")] + links(
            tree, "link[rel=stylesheet], link[rel=icon]"
        )
        assert all(address and address.startswith("/portal/") for address in loaded), path
        assert tree.css_first("[style], style, [onclick], [srcset], base") is None, path
        scripts = [node for node in tree.css("script") if node.attributes.get("type") != "application/ld+json"]
        assert all(node.attributes.get("src") for node in scripts), path


def test_links_are_http_or_inside_the_site_and_lead_somewhere(site: dict[str, bytes]) -> None:
    for path, tree in pages(site).items():
        for address in links(tree):
            assert re.match(r"https?://|/portal/|mailto:|#", address), (path, address)
            if address.startswith("/portal/") and not address.endswith((".xml", ".json", ".opml")):
                target = address.removeprefix("/portal/")
                assert target + "index.html" in site or target in site, (path, address)


def test_hostile_title_stays_text(site: dict[str, bytes]) -> None:
    tree = page(site, "news/2026-03-08-item-19/index.html")
    assert text(tree, "h1").startswith('<script>alert("x")</script> & "quotes" </title>')
    assert "<img src=x onerror=alert(1)> {{ 7*7 }}" in text(tree, ".standfirst")
    assert tree.css_first(".call") is None
    data = tree.css_first("script[type='application/ld+json']")
    assert data is not None and json.loads(data.text())["mainEntity"]["headline"].startswith("<script>")


def test_languages_and_directions(site: dict[str, bytes]) -> None:
    chinese, arabic = page(site, "news/2026-03-08-item-16/index.html"), page(site, "news/2026-03-08-item-17/index.html")
    assert chinese.css_first("h1").attributes == {"lang": "zh", "dir": "ltr"}
    assert arabic.css_first("h1").attributes == {"lang": "ar", "dir": "rtl"}
    unknown = page(site, "news/2026-03-07-item-22/index.html")
    assert unknown.css_first("h1").attributes == {"dir": "auto"}


@pytest.mark.parametrize(
    ("language", "direction", "words"),
    [
        ("ar", "rtl", "اقرأ المقال في"),
        ("ja", "ltr", "で記事を読む"),
        ("de-AT", "ltr", "Den Artikel bei"),
        ("it", "ltr", "Read the article"),
    ],
)
def test_site_speaks_its_language(language: str, direction: str, words: str) -> None:
    made = {file.path: file.body for file in Site().files(invented(replace(SITE, language=language)))}
    tree = page(made, LEAD)
    assert tree.css_first("html").attributes == {"lang": language, "dir": direction}
    assert words in text(tree, ".call a")


def test_topic_page_has_parent_subtopics_and_pages(site: dict[str, bytes]) -> None:
    tree = page(site, "topics/robots/index.html")
    assert links(tree, ".list > header .kicker a") == ["/portal/topics/ai/"]
    assert links(tree, ".chips a") == ["/portal/topics/warehouse-robots/"]
    listed = [
        address
        for path in site
        if path.startswith("topics/ai/") and path.endswith("html")
        for address in links(page(site, path), ".row .headline a")
    ]
    assert len(listed) == len(set(listed)) == len(newsroom(invented()).topics["AI"].entries)


def test_topics_tell_how_many_items_they_have_and_the_newest(site: dict[str, bytes]) -> None:
    first = text(page(site, "topics/index.html"), ".topics > li")
    assert (
        first.startswith(f"AI {len(newsroom(invented()).topics['AI'].entries)} items Machines that decide")
        and "Coalition of seventy-five" in first
    )


def test_about_says_how_it_is_made_and_what_it_reads_but_nothing_private(site: dict[str, bytes]) -> None:
    tree = page(site, "about/index.html")
    assert text(tree, "#independent").startswith("Independent sources: reports that copy")
    assert "cards show it from 5 on" in tree.body.text()  # type: ignore[union-attr]
    assert links(tree, ".sources a") == ["https://harborpost.example/feed.xml"]


def test_archive_leads_to_every_day(site: dict[str, bytes]) -> None:
    days = {path.removesuffix("index.html") for path in site if re.fullmatch(r"archive/\d+/\d+/\d+/index.html", path)}
    assert {a.removeprefix("/portal/") for a in links(page(site, "archive/index.html"), ".days a")} == days


def test_archive_reaches_every_item(site: dict[str, bytes]) -> None:
    days = [
        address
        for path in site
        if re.fullmatch(r"archive/\d+/\d+/\d+/index.html", path)
        for address in links(page(site, path), ".ticker a")
    ]
    assert sorted(days) == sorted(
        f"/portal/{path.removesuffix('index.html')}" for path in site if path.startswith("news/")
    )


def test_structured_data_never_claims_the_article(site: dict[str, bytes]) -> None:
    data = json.loads(page(site, LEAD).css_first("script[type='application/ld+json']").text())
    assert data["url"] == "https://news.example/portal/news/2026-03-10-item-3/"
    assert data["isBasedOn"] == data["mainEntity"]["url"] == "https://dunmoreledger.example/2026/3"
    assert data["mainEntity"]["publisher"]["name"] == "The Dunmore Ledger"
    assert [thing["name"] for thing in data["mainEntity"]["about"]] == ["AI", "Facial Recognition"]


def test_time_alone_changes_no_page() -> None:
    before, later = invented(), replace(invented(), now=NOW + timedelta(days=3))
    assert list(Site().files(before)) == list(Site().files(later))


def test_live_heat_changes_the_front_page_alone(site: dict[str, bytes]) -> None:
    cooled = {file.path: file.body for file in Site().files(replace(invented(), heats={}))}
    assert [path for path in site if site[path] != cooled[path]] == ["index.html"]


def test_one_more_item_changes_few_pages() -> None:
    edition = invented()
    more = record_file(2, "A fresh one")
    newer = replace(edition, records=(replace(more, path="_news/2026-03-10-fresh.md"), *edition.records))
    before = {file.path: file.body for file in Site().files(edition)}
    after = {file.path: file.body for file in Site().files(newer)}
    changed = {path for path in after if before.get(path) != after[path]}
    assert changed == {
        "index.html", "news/2026-03-10-fresh/index.html", "topics/index.html", "topics/ai/index.html", "topics/facial-recognition/index.html",
        "archive/2026/03/10/index.html", "archive/2026/03/index.html", "archive/index.html", "search/latest.json", "search/index.json",
    } | {path for path in changed if "/page/" in path}  # fmt: skip
    assert len([path for path in changed if "/page/" in path]) <= 4


def test_images_link_policy_is_a_link_and_none_is_nothing() -> None:
    linked = {file.path: file.body for file in Site().files(invented(replace(SITE, images="link")))}
    assert links(page(linked, LEAD), ".call .aside") == ["https://dunmoreledger.example/3.jpg"]
    none = {file.path: file.body for file in Site().files(invented(replace(SITE, images="none")))}
    assert page(none, LEAD).css_first(".call .aside") is None
    assert all(tree.css_first("img") is None for made in (linked, none) for tree in pages(made).values())


def test_owner_templates_stand_before_ours_and_can_extend_them() -> None:
    own = {
        "404.html": '{% extends "newsloom/404.html" %}{% block main %}<p>Gone fishing, {{ site.title }}</p>{% endblock %}',
        "custom.css": "p{color:red}",
    }
    made = {file.path: file.body for file in Site(own).files(invented())}
    assert b"Gone fishing, The Face Scan Record" in made["404.html"]
    assert made["assets/custom.css"] == b"p{color:red}"
    assert b"assets/custom.css" in made["index.html"]


@pytest.mark.parametrize("broken", ["{% if %}", "{{ nothing_like_this }}", "{{ 1 / 0 }}", "{{ ''.__class__.__mro__ }}"])
def test_broken_or_reaching_owner_template_is_a_clear_error(broken: str) -> None:
    with pytest.raises(ConfigError) as caught:
        list(Site({"about.html": broken}).files(invented()))
    assert caught.value.where == "templates/about.html"


@pytest.mark.parametrize(
    "options",
    [
        {"colors": {"accent": "red;}body{display:none"}},
        {"colors": {"acent": "red"}},
        {"colors": {"accent": "url(//x)"}},
        {"time_zone": "Mars/Olympus"},
    ],
)
def test_wrong_setting_is_a_clear_error(options: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        list(Site().files(invented(replace(SITE, **options))))  # type: ignore[arg-type]


def test_theme_colours_are_a_file(site: dict[str, bytes]) -> None:
    made = {
        f.path: f.body
        for f in Site().files(
            invented(replace(SITE, colors={"accent": "#0a5", "dark-background": "oklch(20% 0.02 250)"}))
        )
    }
    assert made["assets/theme.css"] == b":root{--light-accent:#0a5;--dark-background:oklch(20% 0.02 250);}\n"
    assert b'fill="#0a5"' in made["assets/icon.svg"]


def test_empty_portal_publishes() -> None:
    made = {file.path: file.body for file in Site().files(Edition((), (), (), SiteOptions(), NOW))}
    assert b"Nothing here yet." in made["index.html"]
    assert json.loads(made["search/index.json"]) == {"parts": ["/search/latest.json"], "items": 0}


def test_search_index_holds_every_published_item(site: dict[str, bytes]) -> None:
    index = json.loads(site["search/index.json"])
    rows = [row for part in index["parts"] for row in json.loads(site[part.removeprefix("/portal/")])]
    published = len(newsroom(invented()).published)
    assert len(rows) == index["items"] == published + 4
    assert [row[:3] for row in rows[published:]][:2] == [
        ["/portal/stories/sbig/", "Mayor's office says it will review camera contract", ""],
        ["/portal/stories/sbig/", "What the Chicago proposal would and would not ban", ""],
    ]
    assert not any("HELD" in row[1] for row in rows)
    assert rows[0][:2] == [
        "/portal/news/2026-03-10-item-3/",
        "Coalition of seventy-five groups presses Chicago to drop face recognition for good",
    ]


def test_copies_of_copies_and_circles_end() -> None:
    first = record_file(1, "First", duplicate_of=None, story="sx")
    ids = [record_file(n, "x").record.bookkeeping.id for n in range(1, 5)]  # type: ignore[union-attr]
    second = record_file(2, "Copy", duplicate_of=ids[0], published=False)
    third = record_file(3, "Copy of the copy", duplicate_of=ids[1], published=False)
    (story,) = newsroom(Edition((first, second, third), (), (), SITE, NOW)).stories
    assert [[copy.title for copy in c.copies] for c in story.coverage] == [["Copy of the copy", "Copy"]]
    a, b = record_file(1, "A", duplicate_of=ids[1], story="sa"), record_file(2, "B", duplicate_of=ids[0], story="sb")
    assert {s.id for s in newsroom(Edition((a, b), (), (), SITE, NOW)).stories} == {"sa", "sb"}
