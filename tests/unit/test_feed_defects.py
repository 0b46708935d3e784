"""What feeds get wrong again and again, and what newsloom makes of it."""

from __future__ import annotations

import base64
import gzip
from datetime import UTC, datetime

import pytest

from fake_web import MOMENT
from newsloom.adapters.feeds.reader import DefaultFeedReader
from newsloom.errors import FeedError
from newsloom.model.page import FeedDocument, FeedEntry, FetchedPage
from newsloom.model.record import Image

ADDRESS = "https://harborpost.example/feeds/all.xml"
ATOM = "http://www.w3.org/2005/Atom"


def read(body: str | bytes, charset: str | None = None) -> FeedDocument:
    data = body.encode() if isinstance(body, str) else body
    return DefaultFeedReader().read(FetchedPage(ADDRESS, ADDRESS, 200, data, MOMENT, charset=charset))


def rss(item: str, *, root: str = "", channel: str = "") -> str:
    return f"<rss version='2.0'{root}><channel><title>Harbor Post</title>{channel}<item>{item}</item></channel></rss>"


def rss_entry(item: str, *, root: str = "", channel: str = "") -> FeedEntry:
    return read(rss(item, root=root, channel=channel)).entries[0]


def atom_entry(entry: str, attributes: str = "") -> FeedEntry:
    return read(f"<feed xmlns='{ATOM}'{attributes}><title>t</title><entry>{entry}</entry></feed>").entries[0]


# Broken XML


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ("<title>Salt & pepper</title>", "Salt & pepper"),
        ("<title>caf&eacute; &mdash; &nosuch; &#8217;</title>", "café — &nosuch; ’"),
        ("<title>1 < 2 <3</title>", "1 < 2 <3"),
        ("<title>a\x00b\x0bc\ufffed</title>", "abcd"),
        ("<title>Unclosed", "Unclosed"),
        ("<title>Closed twice</title></title>", "Closed twice"),
        ("<title>Wrong end</titel></title>", "Wrong end"),
        ("<title lang=en bad='1' bad='2' 9=x>Attributes</title>", "Attributes"),
        ("<title><![CDATA[Never ended]]</title>", "Never ended]]"),
        ("<title>kept <!-- never ended</title>", "kept"),
        ("<description>a <br> b <img src=x> c</description><title>After</title>", "After"),
        ("<title>&#x1F600; &#55357; &#0;</title>", "😀 � �"),
    ],
)
def test_broken_xml_is_repaired(item: str, title: str) -> None:
    document = read(rss(item))
    assert len(document.entries) == 1
    assert document.entries[0].title == title


def test_items_without_their_ends_do_not_swallow_each_other() -> None:
    body = (
        "<rss><channel><title>t</title>"
        + "".join(f"<item><title>n{n}</title><b>" for n in range(5))
        + "</channel></rss>"
    )
    assert [entry.title for entry in read(body).entries] == ["n0", "n1", "n2", "n3", "n4"]


def test_a_feed_cut_off_gives_its_whole_entries_and_says_so() -> None:
    items = "".join(
        f"<item><title>n{n}</title><link>/{n}</link><description>text</description></item>" for n in range(3)
    )
    whole = f"<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>{items}</channel></rss>"
    for cut in range(whole.index("n2"), len(whole) - len("</channel></rss>")):
        document = read(whole[:cut])
        assert [entry.title for entry in document.entries] == ["n0", "n1", "n2"][
            : 3 if whole[:cut].endswith("</item>") else 2
        ]
        assert "broke off" in document.notes[0]
    assert read(whole).notes == ()


@pytest.mark.parametrize(
    "before",
    [
        "\n\n  ",
        "<br />\n<b>Warning</b>: mysql_connect() in <b>/x.php</b>\n<?xml version='1.0'?>",
        "<!-- a comment --><?xml version='1.0'?>",
        "<!DOCTYPE html><html><head></head><body>",
        "<!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN' 'http://my.netscape.com/rss-0.91.dtd'>",
        "<?xml version='1.0'?><?xml-stylesheet href='a.xsl'?><!DOCTYPE rss [ <!ENTITY a 'b'> ]>",
    ],
)
def test_what_stands_before_the_root_does_not_matter(before: str) -> None:
    assert read(before + rss("<title>One</title>")).entries[0].title == "One"


def test_plain_entities_of_the_document_type_are_known_and_no_others() -> None:
    body = (
        "<!DOCTYPE rss [<!ENTITY paper 'Harbor Post'><!ENTITY twice '&paper;&paper;'><!ENTITY file SYSTEM 'file:///etc/passwd'>]>"
        + rss("<title>&paper; &twice; &file;</title>")
    )
    assert read(body).entries[0].title == "Harbor Post &twice; &file;"


def test_an_html_page_is_no_feed_whatever_it_mentions() -> None:
    licence = "<html><head><!-- <rdf:RDF xmlns='x'><Work/></rdf:RDF> --></head><body>text</body></html>"
    with pytest.raises(FeedError, match="HTML"):
        read(licence)
    with pytest.raises(FeedError, match="OPML"):
        read("<opml version='2.0'><body><outline text='a'/></body></opml>")
    for other in ("<kml><channel/></kml>", "<service><entry/></service>", "<a><entry><title>t</title></entry></a>"):
        with pytest.raises(FeedError, match="no feed"):
            read(other)


# Encodings


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("é – €".encode("cp1252"), None),
        ("é – €".encode("cp1252"), "iso-8859-1"),
        ("é – €".encode(), "iso-8859-1"),
        ("\ufeffé – €".encode(), "windows-1251"),
    ],
)
def test_labels_are_believed_only_where_the_bytes_agree(data: bytes, charset: str | None) -> None:
    mark, text = (data[:3], data[3:]) if data.startswith(b"\xef\xbb\xbf") else (b"", data)
    head = b"<?xml version='1.0' encoding='utf-8'?><rss><channel><item><title>"
    assert read(mark + head + text + b"</title></item></channel></rss>", charset).entries[0].title == "é – €"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-16", "utf-32"])
@pytest.mark.parametrize("head", ["<?xml version='1.0' encoding='utf-8'?>", ""])
def test_wide_encodings_are_seen_without_help(encoding: str, head: str) -> None:
    assert read((head + rss("<title>мир ☺</title>")).encode(encoding)).entries[0].title == "мир ☺"


@pytest.mark.parametrize("label", ["koi8-r", "windows-1251", "shift_jis", "gb2312", "big5", "euc-kr", "iso-2022-jp"])
def test_declared_encodings(label: str) -> None:
    word = {"koi8-r": "мир", "windows-1251": "мир", "euc-kr": "뉴스", "big5": "新聞", "gb2312": "新闻"}.get(
        label, "新聞"
    )
    body = (f"<?xml version='1.0' encoding='{label}'?>" + rss(f"<title>{word}</title>")).encode(label)
    assert read(body).entries[0].title == word


def test_one_broken_byte_does_not_turn_utf8_into_mojibake() -> None:
    body = rss("<title>Škoda přijíždí</title><description>X</description>").encode().replace(b"X", b"\xff")
    assert read(body).entries[0].title == "Škoda přijíždí"


def test_a_packed_feed_is_unpacked() -> None:
    assert read(gzip.compress(rss("<title>One</title>").encode())).entries[0].title == "One"
    cut = read(gzip.compress((rss("<title>One</title>") + " " * 100_000).encode())[:-12])
    assert "broke off" in cut.notes[-1]
    with pytest.raises(FeedError, match="packed"):
        read(gzip.compress(b" " * (51 * 1024 * 1024)))


# Names


@pytest.mark.parametrize(
    "root",
    [
        " xmlns:dc='http://purl.org/dc/elements/1.1/'",
        " xmlns:dc='https://PURL.org/dc/elements/1.1'",
        " xmlns:dc='http://harborpost.example/made-up'",
        "",
    ],
)
def test_usual_prefixes_mean_the_usual_thing_however_declared(root: str) -> None:
    assert rss_entry("<title>t</title><dc:creator>Ann Bell</dc:creator>", root=root).authors == ("Ann Bell",)


def test_an_unusual_prefix_is_understood_by_its_namespace() -> None:
    item = "<x:title>no</x:title><title>yes</title><y:creator>Ann Bell</y:creator>"
    entry = rss_entry(item, root=" xmlns:x='urn:other' xmlns:y='http://purl.org/dc/elements/1.1/'")
    assert (entry.title, entry.authors) == ("yes", ("Ann Bell",))


@pytest.mark.parametrize("namespace", ["http://backend.userland.com/rss2", "urn:made-up", "http://purl.org/rss/1.0/"])
def test_a_feed_in_a_namespace_of_its_own(namespace: str) -> None:
    assert (
        read(rss("<title>One</title><pubDate>2026-03-02</pubDate>", root=f" xmlns='{namespace}'")).entries[0].title
        == "One"
    )


def test_case_does_not_matter() -> None:
    body = "<RSS><Channel><ITEM><Title>One</Title><PubDate>2026-03-02T13:00:00Z</PubDate></ITEM></Channel></RSS>"
    assert read(body).entries[0].published == datetime(2026, 3, 2, 13, tzinfo=UTC)


def test_a_channel_definition_is_a_feed() -> None:
    body = "<CHANNEL HREF='https://harborpost.example/'><ITEM HREF='/1' LASTMOD='2026-03-02T13:00Z'><TITLE>One</TITLE></ITEM></CHANNEL>"
    document = read(body)
    (entry,) = document.entries
    assert (document.dialect, document.link) == ("cdf", "https://harborpost.example/")
    assert (entry.title, entry.link) == ("One", "https://harborpost.example/1")
    assert entry.updated == datetime(2026, 3, 2, 13, tzinfo=UTC)


def test_an_atom_entry_alone_is_a_feed_of_one() -> None:
    document = read(f"<entry xmlns='{ATOM}'><title>One</title><link href='/1'/></entry>")
    assert [entry.link for entry in document.entries] == ["https://harborpost.example/1"]


# Titles and texts


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("<title>AT&amp;T <b>wins</b></title>", "AT&T wins"),
        ("<title type='text'>Use &lt;b&gt; with care</title>", "Use <b> with care"),
        ("<title type='html'>AT&amp;amp;T &lt;b&gt;wins&lt;/b&gt;</title>", "AT&T wins"),
        ("<title type='html'><![CDATA[AT&amp;T <b>wins</b>]]></title>", "AT&T wins"),
        (
            "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>AT&amp;T <b>wins</b></div></title>",
            "AT&T wins",
        ),
        (
            "<title type='xhtml' xmlns:h='http://www.w3.org/1999/xhtml'><h:div>a <h:i>b</h:i> &lt;c&gt;</h:div></title>",
            "a b <c>",
        ),
        (f"<title mode='base64'>{base64.b64encode(b'AT&amp;T <b>wins</b>').decode()}</title>", "AT&T wins"),
        ("<title mode='escaped'>AT&amp;amp;T</title>", "AT&T"),
        ("<title>Typographer&amp;#8217;s</title>", "Typographer’s"),
    ],
)
def test_every_type_of_title(title: str, told: str) -> None:
    assert atom_entry(title).title == told


def test_titles_of_extensions_only_where_there_is_no_other() -> None:
    assert rss_entry("<media:title>media</media:title><title>own</title>").title == "own"
    assert rss_entry("<dc:title>dublin</dc:title><title> </title>").title == "dublin"


def test_html_comes_out_harmless_and_absolute() -> None:
    content = (
        "<content:encoded><![CDATA[<p onclick='x()'>One <a href='/a'>link</a><script>evil()</script>"
        "<img src='b.png' onerror=x> <a href='javascript:x()'>no</a><iframe srcdoc='x'></iframe></p>]]></content:encoded>"
    )
    html = rss_entry(content, channel="<link>https://harborpost.example/news/</link>").content_html
    assert html == (
        '<p>One <a href="https://harborpost.example/a">link</a><img src="https://harborpost.example/news/b.png"> <a>no</a></p>'
    )


def test_content_that_costs_too_much_is_text() -> None:
    deep = atom_entry("<content type='html'>" + "&lt;div&gt;" * 4000 + "deep" + "</content>").content_html
    assert deep == "<p>deep</p>"


def test_the_longest_content_is_the_content() -> None:
    assert atom_entry("<content type='text'>a &lt; b</content>").content_html == "a &lt; b"
    both = "<content:encoded>&lt;p&gt;short</content:encoded><body xmlns='http://www.w3.org/1999/xhtml'><p>much longer</p></body>"
    assert rss_entry(both).content_html == "<p>much longer</p>"
    assert atom_entry("<content src='/a.mp4' type='video/mp4'/>").content_html is None


# Addresses


@pytest.mark.parametrize(
    ("attributes", "entry", "link"),
    [
        ("", "<link href='1'/>", "https://harborpost.example/feeds/1"),
        (" xml:base='https://m.example/a/'", "<link href='1'/>", "https://m.example/a/1"),
        (" xml:base='/a/'", "<link xml:base='b/' href='1'/>", "https://harborpost.example/a/b/1"),
        (" xml:base='http://['", "<link href='1'/>", "https://harborpost.example/feeds/1"),
        ("", "<link rel='self' href='/s'/><link rel='alternate' type='application/pdf' href='/p'/><link type='text/html' href='/h'/>", "https://harborpost.example/h"),
        ("", "<link rel='http://www.iana.org/assignments/relation/alternate' href='/a'/>", "https://harborpost.example/a"),
        ("", "<id>https://harborpost.example/id</id>", "https://harborpost.example/id"),
        ("", "<id>tag:harborpost.example,2026:1</id>", None),
        ("", "<link rel='enclosure' type='audio/mpeg' href='/e.mp3'/>", "https://harborpost.example/e.mp3"),
    ],
)  # fmt: skip
def test_links_of_atom(attributes: str, entry: str, link: str | None) -> None:
    assert atom_entry(f"<title>t</title>{entry}", attributes).link == link


@pytest.mark.parametrize(
    ("item", "link"),
    [
        ("<link>  /a b\n</link>", "https://site.example/a%20b"),
        ("<link/><guid>https://site.example/g</guid>", "https://site.example/g"),
        ("<guid isPermaLink='FALSE'>https://site.example/g</guid>", None),
        (
            "<link>/a</link><feedburner:origLink>https://site.example/own</feedburner:origLink>",
            "https://site.example/own",
        ),
        (
            "<link>/a</link><atom:link rel='self' href='/s' xmlns:atom='http://www.w3.org/2005/Atom'/>",
            "https://site.example/a",
        ),
        ("<atom:link href='/s' xmlns:atom='http://www.w3.org/2005/Atom'/>", "https://site.example/s"),
        ("<link>javascript:x()</link><enclosure url='/e.mp3' type='audio/mpeg'/>", "https://site.example/e.mp3"),
    ],
)
def test_links_of_rss(item: str, link: str | None) -> None:
    assert rss_entry(f"<title>t</title>{item}", channel="<link>https://site.example/</link>").link == link


# The rest of an entry


def test_extensions_fill_what_rss_has_no_word_for() -> None:
    entry = rss_entry(
        "<title>t</title><media:group><media:content url='/v.mp4' type='video/mp4'/><media:thumbnail url='/t.jpg' width='640px' height='360'/>"
        "<media:description>What it shows</media:description><media:keywords>harbor, fog</media:keywords></media:group>"
        "<dc:date>2026-03-02T13:00:00Z</dc:date><dcterms:modified>2026-03-03</dcterms:modified><dc:subject>City</dc:subject>"
        "<itunes:author>Ann Bell</itunes:author><itunes:image href='/cover.png'/><dc:language>de_AT</dc:language>"
        "<source url='https://wire.example/feed'>Harbor Wire</source><category domain='x'>Ports</category>"
    )
    assert entry.summary == "What it shows"
    assert (entry.published, entry.updated) == (datetime(2026, 3, 2, 13, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC))
    assert entry.categories == ("Ports", "City", "harbor", "fog")
    assert entry.authors == ("Ann Bell",)
    assert entry.images == (
        Image("https://harborpost.example/t.jpg", 640, 360),
        Image("https://harborpost.example/cover.png"),
    )
    assert (entry.language, entry.publisher) == ("de-AT", "Harbor Wire")


def test_an_atom_feed_lends_its_author_and_language() -> None:
    body = f"<feed xmlns='{ATOM}' xml:lang='fr'><author><name>Ann Bell</name></author><entry><title>t</title></entry></feed>"
    (entry,) = read(body).entries
    assert (entry.authors, entry.language) == (("Ann Bell",), "fr")


def test_a_source_of_atom_is_not_the_entry() -> None:
    entry = atom_entry(
        "<source><title>Harbor Wire</title><id>no</id><author><name>No</name></author></source><title>t</title>"
    )
    assert (entry.title, entry.id, entry.authors, entry.publisher) == ("t", None, (), "Harbor Wire")


def test_sloppy_dates_and_none() -> None:
    assert rss_entry("<pubDate>soon</pubDate><dc:date>2026-03-02</dc:date>").published == datetime(
        2026, 3, 2, tzinfo=UTC
    )
    assert rss_entry("<pubDate>Mon, 2 Mar 2026 08:00 EST</pubDate>").published == datetime(2026, 3, 2, 13, tzinfo=UTC)
    assert rss_entry("<title>t</title>").published is None


def test_what_a_json_feed_may_hold() -> None:
    body = (
        '{"version": "https://jsonfeed.org/version/1", "title": "t", "author": {"name": "Ann Bell"}, "items": [1, null, {"id": 7, '
        '"content_text": "a < b", "external_url": "/x", "tags": ["a<b", 3], "attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg"}]},'
        '{"id": "https://harborpost.example/9", "title": "\\ud83d cut", "date_published": "2026-03-02T13:00:00+01:00"}]}'
    )
    first, second = read(body).entries
    assert (first.id, first.link, first.content_html) == ("7", "https://harborpost.example/x", "<p>a &lt; b</p>")
    assert (first.categories, first.authors, first.enclosure_type) == (("a<b",), ("Ann Bell",), "audio/mpeg")
    assert (second.link, second.title) == ("https://harborpost.example/9", "� cut")
