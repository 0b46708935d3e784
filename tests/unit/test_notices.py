"""Consent dialogs, offers and lines that lead elsewhere never stand in an article; sentences that resemble them stay."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsloom.adapters.pages.notices import is_notice, names_a_notice
from newsloom.adapters.pages.reader import HtmlPageReader
from newsloom.model.page import FetchedPage

PARAGRAPHS = (
    "The town council of Calder Point voted six to three on Monday to suspend face scans by its police department.",
    "Mayor Ann Lee said she would sign the measure because no arrest had ever relied on the fourteen cameras.",
    "“I never agreed to be scanned on my way to the bakery,” said Joe Marsh, a baker, to applause in the gallery.",
    "A report by the town's auditor found that eleven of the twelve alerts it examined had named the wrong person.",
    "The vendor said in a statement that its software was accurate and that operators had ignored its warnings.",
    "The council will hear from the auditor again in March before it decides whether the cameras stay off.",
)
CONSENT = (
    "We and our 843 partners store information on a device, such as cookies, and process personal data such as "
    "unique identifiers. You can change your mind at any time by visiting our policy, with your agreement."
)


def body_of(paragraphs: list[str]) -> str:
    page = (
        "<!doctype html><html lang=en><head><title>Council pauses face scans</title></head><body><main><article>"
        f"<h1>Council pauses face scans</h1><div class=article-body>{''.join(paragraphs)}</div></article></main></body></html>"
    )
    url = "https://harborpost.example/news/scans"
    reading = HtmlPageReader().read(
        FetchedPage(url, url, 200, page.encode(), datetime(2026, 3, 2, tzinfo=UTC), content_type="text/html")
    )
    return str(reading.bodies[0].value) if reading.bodies else ""


@pytest.mark.parametrize(
    "notice",
    [
        f"<div id=onetrust-banner-sdk class=otFlat><p>{CONSENT}</p></div>",
        f"<div class='embed-consent'><p>{CONSENT}</p></div>",
        f"<section class='cookie-notice__content'><p>{CONSENT}</p></section>",
        "<div class='newsletter-signup'><p>Our morning letter brings the best of Calder Point to you each day.</p></div>",
        "<p><strong>READ ALSO: <a href=/cats>Ten ways to love cats when it rains</a></strong></p>",
        "<p>Lesen Sie auch: <a href=/cats>Zehn Arten, Katzen bei Regen zu lieben</a></p>",
        "<p>Subscribe to continue reading. Already a subscriber? Log in here.</p>",
        "<p>Share this article on Facebook, X and WhatsApp.</p>",
        "<p>© 2026 Harbor Post. All rights reserved. This material may not be published or redistributed.</p>",
        "<p>Sign up for our free newsletter to get the harbour in your inbox.</p>",
        "<p>We use cookies and similar technologies to store and read data on your device.</p>",
        "<p>This site uses strictly necessary and analytics cookies to measure our traffic.</p>",
        "<p>To continue reading this article, please log in or subscribe.</p>",
    ],
)
@pytest.mark.parametrize("place", [2, 6])
def test_a_notice_between_paragraphs_is_left_out(notice: str, place: int) -> None:
    paragraphs = [f"<p>{text}</p>" for text in PARAGRAPHS]
    assert body_of([*paragraphs[:place], notice, *paragraphs[place:]]).split("\n\n") == list(PARAGRAPHS)


def test_a_page_that_shows_nothing_but_a_consent_dialog_has_no_article() -> None:
    assert (
        body_of([f"<div class=cookie-consent><h2>Your privacy choices</h2><p>{CONSENT}</p><p>{CONSENT}</p></div>"])
        == ""
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "Read more than one paper a day, the librarian told the class, and you will know the town.",
        "Related: that is the word the coroner used of the two fires, and the chief of police agreed with it at once.",
        "Subscribe to the theory or not, the comet returns in May, said Imre Falk of the observatory.",
        "We use chocolate cookies for the base, says the baker of Gull Point.",
        "This site uses bags of cookies to lure badgers, the warden explains.",
        "To continue reading such books she learned Braille at eighty.",
        "Copyright law changes in June, and the choir's arrangements fall under it.",
        "© Ruth Abernethy " + "The ferry lay at the pier for three days while the crew waited for a part to come. " * 3,
        "This site uses more water than the whole of Gull Point, the report says of the data centre.",
    ],
)
def test_sentences_that_begin_like_a_notice_stay(sentence: str) -> None:
    assert not is_notice(sentence, 0)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("onetrust-consent-sdk", True),
        ("site-cookie-banner", True),
        ("qc-cmp2-container", True),
        ("newsletter-box__inner", False),
        ("has-cookie-banner", False),
        ("cookies-recipe", False),
        ("trusted-reporting", False),
        ("informed-consent-story", False),
        ("newsletter", False),
    ],
)
def test_which_names_tell_a_notice(names: str, told: bool) -> None:
    assert names_a_notice(names) is told
