"""The size of a picture: what its address asks for, what the page shows it with, what the decoded picture really has."""

from __future__ import annotations

import pytest

from newsloom.adapters.pages.document import PageDocument
from newsloom.adapters.pages.evidence import Evidence
from newsloom.adapters.pages.picture_sizes import size_in_address, size_in_elements
from newsloom.adapters.pages.pictures import images

URL = "https://harbor.example/news/ferry.html"


@pytest.mark.parametrize(
    ("address", "size"),
    [
        ("https://cdn.example/img/1200x630/ferry.jpg", (1200, 630)),
        ("https://cdn.example/uploads/2026/03/ferry-1024x683.jpg", (1024, 683)),
        ("https://cdn.example/ferry_1680x945.jpeg", (1680, 945)),
        ("https://cdn.example/image_size_960x540/ferry.jpg", (960, 540)),
        ("https://cdn.example/ferry.jpg?quality=80&w=635&h=515", (635, 515)),
        ("https://cdn.example/ferry-1500x1217.jpg?width=750&height=608", (750, 608)),
        ("https://cdn.example/ferry.jpg?resize=1200,600", (1200, 600)),
        ("https://cdn.example/ferry.jpg?fit=1280%2C853&ssl=1", (1280, 853)),
        ("https://cdn.example/image/upload/w_1200,h_675,c_fill/ferry.jpg", (1200, 675)),
        # Cut out first, then brought to size: only the latter is the picture's.
        ("https://cdn.example/thumbor/0x64:2995x1624/1200x625/ferry.jpg", (1200, 625)),
        ("https://cdn.example/crop/2048x1075+0+130/resize/1200x630!/quality/90/ferry.jpg", (1200, 630)),
        ("https://cdn.example/1200x628/filters:focal(1020x680:1021x681)/ferry.jpg", (1200, 628)),
        # Nothing, or not enough.
        ("https://cdn.example/crop/2048x1075/ferry.jpg", None),
        ("https://cdn.example/fit-in/1200x0/ferry.jpg", None),
        ("https://cdn.example/ferry.jpg?width=1200&crop=3200%2C1800%2C0%2C92", None),
        ("https://cdn.example/ferry_2400x1600-100858483-large.jpg", None),
        ("https://cdn.example/1x1/ferry.jpg", None),
        ("https://cdn.example/99999x99999/ferry.jpg", None),
        ("https://cdn.example/ferry.jpg", None),
        ("no address", None),
    ],
)
def test_size_in_address(address: str, size: tuple[int, int] | None) -> None:
    assert size_in_address(address) == size


def _document(body: str, head: str = "") -> PageDocument:
    return PageDocument(f"<html><head>{head}</head><body>{body}</body></html>".encode(), URL)


def test_size_in_the_element_that_shows_it() -> None:
    document = _document(
        '<img src="/other.jpg" width="90" height="60"><img src="/ferry.jpg" width="800px" height="450">'
    )
    assert size_in_elements(document, "https://harbor.example/ferry.jpg") == (800, 450)
    assert size_in_elements(document, "https://harbor.example/none.jpg") is None


def test_srcset_tells_the_width_and_the_element_the_shape() -> None:
    document = _document(
        '<img src="/s.jpg" srcset="/s.jpg 400w, /m.jpg?a=1,2 800w,/l.jpg 1600w" width="640" height="360" alt="">'
    )
    assert size_in_elements(document, "https://harbor.example/l.jpg") == (1600, 900)
    assert size_in_elements(document, "https://harbor.example/m.jpg?a=1,2") == (800, 450)
    assert size_in_elements(document, "https://harbor.example/s.jpg") == (400, 225)


def test_address_comes_before_what_the_template_always_says() -> None:
    head = (
        '<meta property="og:image" content="https://cdn.example/690x278/ferry.jpg">'
        '<meta property="og:image:width" content="1200"><meta property="og:image:height" content="630">'
    )
    (found,) = images(Evidence(_document("", head)))
    assert (found.value.width, found.value.height) == (690, 278)


def test_unsized_lead_takes_the_size_it_is_shown_with_and_an_icon_is_none() -> None:
    head = '<meta property="og:image" content="https://harbor.example/a/ferry.jpg">'
    shown = '<img src="/a/ferry.jpg" width="{}" height="{}">'
    (found,) = images(Evidence(_document(shown.format(1200, 800), head)))
    assert (found.value.width, found.value.height) == (1200, 800)
    assert images(Evidence(_document(shown.format(40, 40), head))) == ()
