"""Text blocks: where they begin and end, and what is left out on the way."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from newsloom.adapters.pages.blocks import MAX_BLOCKS, Block, Box, blocks_of


def read(markup: str, *, everything: bool = False) -> tuple[list[Box], list[Block]]:
    body = LexborHTMLParser(f"<html><body>{markup}</body></html>").body
    assert body is not None
    return blocks_of(body, everything=everything)


def texts(markup: str, *, everything: bool = False) -> list[str]:
    return [block.text for block in read(markup, everything=everything)[1]]


def test_inline_elements_do_not_part_words_and_block_elements_do() -> None:
    assert texts("<p>The <b>Weir</b>bridge <a href=/x>is</a> shut</p>tail<div>one<p>two</p>three</div>") == [
        "The Weirbridge is shut",
        "tail",
        "one",
        "two",
        "three",
    ]


def test_one_line_break_is_a_line_and_two_are_a_block() -> None:
    assert texts("<p>one<br>two<br> <br>three<br/></p>") == ["one\ntwo", "three"]


def test_what_is_never_text_is_left_out() -> None:
    assert texts("<p>seen</p><script>no()</script><style>p{}</style><noscript>no</noscript><svg><text>no</text></svg>"
                 "<template>no</template><select><option>no</select><!-- no --><textarea>no</textarea>") == ["seen"]  # fmt: skip


@pytest.mark.parametrize(
    "markup",
    [
        "<nav>{}</nav>",
        "<footer>{}</footer>",
        "<div role=navigation>{}</div>",
        "<div hidden>{}</div>",
        "<div style='color:red; display : none'>{}</div>",
        "<span class='visually-hidden'>{}</span>",
        "<div class='comment-list'>{}</div>",
        "<ol id=comments>{}</ol>",
        "<div class='wp-comments-area'>{}</div>",
    ],
)
def test_furniture_is_left_out_unless_everything_is_asked_for(markup: str) -> None:
    markup = "<p>seen</p>" + markup.format("<p>left out</p>")
    assert texts(markup) == ["seen"]
    assert texts(markup, everything=True) == ["seen", "left out"]


@pytest.mark.parametrize("names", ["has-comments", "no-comment-form-here", "hidden-xs", "commentator"])
def test_names_that_only_look_like_furniture_stay(names: str) -> None:
    assert texts(f"<div class='{names}'><p>seen</p></div>") == ["seen"]


def test_text_that_waits_for_a_subscriber_is_read() -> None:
    assert texts("<div class='subscriber-only' style='display:none'><p>the rest of it</p></div>") == ["the rest of it"]


def test_menus_are_left_out_and_a_link_beside_text_is_not() -> None:
    links = "".join(f"<li><a href=/{number}>Place {number}</a></li>" for number in range(5))
    assert texts(f"<ul>{links}</ul><p>Text that stands after the menu.</p>") == [
        "Place 4",
        "Text that stands after the menu.",
    ]


def test_a_menu_of_lines_is_left_out() -> None:
    menu = "<a href=/a>Front page</a><br><a href=/b>Fishing</a><br><a href=/c>Births</a><br>You are visitor 48211"
    assert texts(f"<div>{menu}</div><p>Text.</p>") == ["Text."]


def test_a_row_of_a_data_table_is_one_block() -> None:
    boxes, blocks = read("<table><tr><th>Bridge<th>Length<tr><td>Weir<td><b>90</b> m</table>")
    assert [block.text for block in blocks] == ["Bridge Length", "Weir 90 m"]
    assert [boxes[block.box].tag for block in blocks] == ["tr", "tr"]
    assert blocks[1].marked == 2


def test_a_table_that_lays_out_the_page_is_none() -> None:
    boxes, blocks = read(f"<table><tr><td>Menu</td><td>{'The bridge is shut. ' * 20}</td></tr></table>")
    assert [boxes[block.box].tag for block in blocks] == ["div", "div"]


def test_a_block_counts_its_links_emphasis_and_the_pictures_before_it() -> None:
    _, blocks = read("<img src=a><p>By <a class=who href=/a>Ann Doe</a>, <em>staff</em></p><p>On.</p>")
    first = blocks[0]
    assert (first.linked, first.links, first.marked, first.pictures, first.inline) == (7, 1, 5, 1, "who")
    assert blocks[1].pictures == 0


def test_parents_stand_before_their_children() -> None:
    boxes, _ = read("<div><section><p>x</p></section></div><aside>y</aside>")
    assert [box.tag for box in boxes] == ["body", "div", "section", "p", "aside"]
    assert [box.parent for box in boxes] == [-1, 0, 1, 2, 0]


def test_boxes_without_text_are_left_out() -> None:
    boxes, blocks = read("<div><i></i></div><section><div></div><p>x</p></section><ul><li> </ul>")
    assert [(box.tag, box.parent) for box in boxes] == [("body", -1), ("section", 0), ("p", 1)]
    assert [block.box for block in blocks] == [2]


def test_deep_and_long_pages_are_bounded() -> None:
    assert len(texts("<p>word</p>" * (MAX_BLOCKS + 500))) <= MAX_BLOCKS + 1
    assert texts("<div>" * 3_000 + "deep") == ["deep"]
    assert texts(f"<div class='comment{'1' * 900}x'>seen</div>") == ["seen"]
