"""newsloom's own engine on invented pages: what is kept, what is not, and that it is the same each time."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from newsloom.adapters.pages.article_text import article_text, page_words, text_blocks
from newsloom.adapters.pages.block_classifier import shipped_classifier
from newsloom.adapters.pages.document import PageDocument
from newsloom.adapters.pages.evidence import Evidence

STORY = (
    "Engineers closed the Weir Bridge on Tuesday after two cracks were found in a girder under the western lane.",
    "The cracks are as long as a hand, and were seen by a painter who had been sent up to touch up the rust.",
    "Drivers are sent over the new road by Quarry Hill, which adds twenty minutes, the county said in a statement.",
    "“We would rather be shouted at for closing it a day early than a day late,” said county engineer Ada Fell.",
    "The bridge carries about nine thousand cars a day, most of them between the market and the station.",
)
MENU = "".join(f"<li><a href=/{name}>{name.title()}</a></li>" for name in ("news", "sport", "weather", "jobs", "cars"))
TEASERS = "".join(
    f"<div class=teaser><h3><a href=/{number}>Another thing happened in town number {number}</a></h3></div>"
    for number in range(6)
)


def evidence(markup: str) -> Evidence:
    return Evidence(PageDocument(markup.encode(), "https://millgazette.example/a"))


def page(story: str, *, around: str = "") -> str:
    return (
        "<html><head><title>Weir Bridge shut - Mill Gazette</title></head><body><header><ul class=menu>"
        + MENU
        + "</ul></header>"
        f"<main><article><h1>Weir Bridge shut</h1><div class=article-body>{story}</div></article>{around}</main>"
        f"<aside class=related>{TEASERS}</aside><div class=cookie-banner><p>We use cookies to improve your experience. By going on"
        " you accept our privacy policy.</p><button>Accept</button></div><footer>© Mill Gazette</footer></body></html>"
    )


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def test_the_story_comes_out_whole_and_nothing_else() -> None:
    text = article_text(evidence(page(paragraphs(*STORY))))
    for sentence in STORY:
        assert sentence in text
    for furniture in ("cookies", "Another thing", "Sport", "©", "Accept"):
        assert furniture not in text


def test_text_of_several_containers_is_kept() -> None:
    halves = f"<div class=content>{paragraphs(*STORY[:3])}</div><div class=ad-slot></div><div class=content>{paragraphs(*STORY[3:])}</div>"
    text = article_text(evidence(page(halves)))
    assert all(sentence in text for sentence in STORY)


def test_a_quote_and_a_list_inside_the_story_are_kept() -> None:
    story = paragraphs(*STORY[:3]) + f"<blockquote><p>{STORY[3]}</p></blockquote>" + paragraphs(STORY[4])
    assert STORY[3] in article_text(evidence(page(story)))


def test_readers_comments_are_not_the_article() -> None:
    comments = (
        "<div id=comments>"
        + paragraphs(*["I drove over it yesterday, and it felt quite safe to me, I must say."] * 6)
        + "</div>"
    )
    text = article_text(evidence(page(paragraphs(*STORY), around=comments)))
    assert "I drove over it" not in text and STORY[0] in text


def test_a_script_without_blanks_is_read_like_any_other() -> None:
    story = (
        "市議会は月曜日、警察による顔認識技術の利用を二年間停止することを八対三の賛成多数で決めた。",
        "提案した議員は、警察が市民に知らせずに四千件の検索を行っていたと説明し、透明性が必要だと述べた。",
        "警察署長は、停止によって捜査が遅れるとして、議会に再検討を求める考えを示した。",
    ) * 2  # fmt: skip
    text = article_text(evidence(page(paragraphs(*story))))
    assert all(sentence in text for sentence in story)


def test_a_page_that_hides_all_its_text_is_read_all_the_same() -> None:
    text = article_text(evidence(f"<html><body><div style='display:none'>{paragraphs(*STORY)}</div></body></html>"))
    assert STORY[0] in text


@pytest.mark.parametrize(
    "markup", ["", "<html></html>", "<html><body></body></html>", "<html><frameset></frameset></html>"]
)
def test_a_page_without_text_has_none(markup: str) -> None:
    assert article_text(evidence(markup)) == ""


def test_the_same_page_gives_the_same_verdicts() -> None:
    found = evidence(page(paragraphs(*STORY)))
    blocks = text_blocks(found)
    assert blocks is not None
    first, second = (shipped_classifier().probabilities(blocks, page_words(found)) for _ in range(2))
    assert np.array_equal(first, second)
    assert ((first >= 0) & (first <= 1)).all()


def test_trafilatura_is_not_loaded_unless_it_is_chosen() -> None:
    code = (
        "import sys; from datetime import datetime, UTC; from newsloom.adapters.pages.reader import HtmlPageReader;"
        "from newsloom.model.page import FetchedPage;"
        "page = FetchedPage('https://e.example/a', 'https://e.example/a', 200, b'<html><title>T</title><p>Text of it.</p>', datetime.now(UTC));"
        "HtmlPageReader().read(page); assert 'trafilatura' not in sys.modules;"
        "HtmlPageReader('trafilatura').read(page); assert 'trafilatura' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("count", [1, 23, 24, 25, 100])
def test_a_row_is_judged_alike_among_any_number_of_others(count: int) -> None:
    network = shipped_classifier().first
    rows = np.random.default_rng(7).normal(size=(count, len(network.mean))).astype(np.float32)
    alone = np.concatenate([network.probabilities(row[None, :]) for row in rows])
    assert np.allclose(network.probabilities(rows), alone, atol=1e-5)
