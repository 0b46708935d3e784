"""Addresses: what is kept, what is compared, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsloom.vocab import urls


@pytest.mark.parametrize(
    ("given_url", "kept"),
    [
        ("HTTP://Example.COM:80/a/../b?x=1#frag", "http://example.com/b?x=1"),
        ("https://user:secret@example.com:443/", "https://example.com/"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://example.com/a?utm_source=rss&id=7&fbclid=x&b=2", "https://example.com/a?id=7&b=2"),
        ("https://example.com/a?UTM_Source=rss", "https://example.com/a"),
        ("https://example.com/a?%75tm_source=rss&z=1", "https://example.com/a?z=1"),
        ("https://example.com/a?ref=rss&at_medium=RSS", "https://example.com/a"),
        (
            "https://example.com/a?at_campaign=x&ns_mchannel=social&cmp_id=3&at_link_id=9&ocid=socialflow_twitter",
            "https://example.com/a",
        ),
        (
            "https://example.com/a?at_id=5&ns_page=2&cmp_a=1&ocid=7",
            "https://example.com/a?at_id=5&ns_page=2&cmp_a=1&ocid=7",
        ),
        ("https://example.com/a?ref=chapter-2", "https://example.com/a?ref=chapter-2"),
        ("https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"),
        ("https://bücher.example/ü?q=ä", "https://xn--bcher-kva.example/%C3%BC?q=%C3%A4"),
        ("  https://example.com/a b ", "https://example.com/a%20b"),
    ],
)
def test_canonical_keeps_what_names_the_page(given_url: str, kept: str) -> None:
    assert urls.canonical(given_url) == kept


@pytest.mark.parametrize(
    "refused",
    [
        "",
        "news",
        "/relative",
        "javascript:alert(1)",
        "ftp://example.com/",
        "mailto:a@b.example",
        "https://",
        "http://a b/",
        "https://e.example/" + "a" * 9000,
    ],
)
def test_canonical_refuses_what_is_no_web_address(refused: str) -> None:
    assert urls.canonical(refused) is None


def test_canonical_resolves_against_a_base() -> None:
    assert urls.canonical("../b?gclid=1", "https://example.com/x/y/") == "https://example.com/x/b"
    assert urls.resolve("https://example.com/x/", "//cdn.example/p.png#z") == "https://cdn.example/p.png#z"
    assert urls.resolve("https://example.com/x/", "data:image/png;base64,AA") is None


@pytest.mark.parametrize(
    "variant",
    [
        "http://example.com/story/1",
        "https://www.example.com/story/1/",
        "https://m.example.com/story/1?utm_campaign=x",
        "https://amp.example.com/story/1#comments",
        "https://example.com/%73tory/1",
    ],
)
def test_identity_is_one_for_variants(variant: str) -> None:
    assert urls.identity(variant) == "example.com/story/1"


def test_identity_sorts_parameters_and_keeps_them() -> None:
    assert (
        urls.identity("https://example.com/a?b=2&a=1")
        == urls.identity("https://example.com/a?a=1&b=2")
        != urls.identity("https://example.com/a")
    )


def test_identity_does_not_eat_the_site_itself() -> None:
    assert urls.identity("https://m.co/x") == "m.co/x"
    assert urls.identity("https://www.github.io/x") == "www.github.io/x"


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("www.news.example.co.uk", "example.co.uk"),
        ("alice.github.io", "alice.github.io"),
        ("www.alice.github.io", "alice.github.io"),
        ("WWW.Example.com.", "example.com"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "[::1]"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_registrable_domain(host: str, site: str) -> None:
    assert urls.registrable_domain(host) == site


def test_home_pages() -> None:
    for home in (
        "https://e.example",
        "https://e.example/index.html",
        "https://e.example/en/",
        "https://e.example/de-at",
    ):
        assert urls.is_home_page(home), home
    for other in ("https://e.example/politics", "https://e.example/?p=12", "https://e.example/en/story"):
        assert not urls.is_home_page(other), other


@given(st.text(max_size=200))
def test_never_raises_and_settles_at_once(text: str) -> None:
    for url in (text, "https://example.com/" + text, "https://" + text):
        kept = urls.canonical(url)
        urls.identity(url)
        if kept is not None:
            assert urls.canonical(kept) == kept
            assert urls.identity(kept) == urls.identity(url)


@pytest.mark.parametrize(
    ("start", "goal", "same"),
    [
        ("https://a.example/feed?x=1", "https://a.example/story", True),
        ("https://a.example/", "https://A.example.:443/", True),
        ("http://a.example/", "https://a.example/", True),
        ("https://a.example/", "http://a.example/", False),
        ("http://a.example:8080/", "https://a.example/", False),
        ("http://a.example/", "https://a.example:8443/", False),
        ("https://a.example/", "https://a.example:8443/", False),
        ("http://a.example:8080/", "http://a.example:8081/", False),
        ("https://a.example/", "https://b.a.example/", False),
        ("https://a.example/", "https://user@a.example/", True),
        ("file:///a", "file:///a", False),
        ("", "", False),
    ],
)
def test_secrets_go_to_their_origin_only(start: str, goal: str, same: bool) -> None:
    assert urls.same_origin(start, goal) is same


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://ann:pw@x.example/feed?page=2", "https://x.example/feed?page=2"),
        ("https:ann:pw@x.example/feed", "https://x.example/feed"),
        ("https://x.example/feed?token=abc&b=1", "https://x.example/feed?token=REDACTED&b=1"),
        ("https://x.example/f?b=1&API_Key=k#a=b", "https://x.example/f?b=1&API_Key=REDACTED#a=b"),
        ("https://x.example/f?X-Amz-Signature=k&%74oken=t", "https://x.example/f?X-Amz-Signature=REDACTED&%74oken=REDACTED"),
        ("https://x.example/f?authorization=k&userId=7&sid=3", "https://x.example/f?authorization=REDACTED&userId=REDACTED&sid=REDACTED"),
        ("https://x.example/f?author=ann&keywords=ai&design=1&guide=2&tag=x", "https://x.example/f?author=ann&keywords=ai&design=1&guide=2&tag=x"),
        ("https://x.example/f?token=&key", "https://x.example/f?token=&key"),
        ("https://X.example/a b?q=ü&&", "https://X.example/a b?q=ü&&"),
        ("pages/archive.warc.gz", "pages/archive.warc.gz"),
    ],
)  # fmt: skip
def test_public_addresses_hold_no_secret(url: str, told: str) -> None:
    assert urls.public_address(url) == told
    assert urls.public_address(told) == told


@given(st.text(alphabet="https:/@?&=#\\\t .exampltokn", max_size=40))
def test_a_public_address_is_settled_at_once(text: str) -> None:
    for url in (text, "https://" + text):
        public = urls.public_address(url)
        assert urls.public_address(public) == public
        parsed = urls.parse_web(public)
        assert parsed is None or not (parsed.username or parsed.password)


def test_half_a_character_does_not_end_the_host() -> None:
    assert urls.parse("http://harbor\ud83dpost.example/") is None
    parsed = urls.parse("http://harborpost.example/\ud83d\ude00/\ud83d")
    assert parsed is not None
    assert str(parsed.href) == "http://harborpost.example/%F0%9F%98%80/%EF%BF%BD"
