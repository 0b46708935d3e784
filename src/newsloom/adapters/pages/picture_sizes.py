"""The true size of a picture, as far as a page tells it: what its address asks the picture server for, and what `<img>` says of it.

What a page declares in `<meta>` is often what its template always says, or the size of another crop. An address that names a size
was made for this picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from newsloom.adapters.pages.document import PageDocument, attribute

Size = tuple[int, int]

MAX_SIDE = 20_000
_LEAST_SIDE = 32
_MAX_ADDRESS = 2_000
_MAX_ELEMENTS = 60
_MAX_SOURCES = 20

# 1200x630 as a part of the path of its own, or at the end of a file name (`-1024x683.jpg`); a rectangle to cut out (`0x64:2995x1624`)
# and a point to keep in sight (`focal(…)`) are none.
_PART = re.compile(r"(?:[a-z_]{1,20}[_-])?(\d{2,5})x(\d{2,5})[!c]?", re.IGNORECASE)
_SUFFIX = re.compile(r"[-_.](\d{2,5})x(\d{2,5})(?:-\d|c)?\.[a-z]{3,4}", re.IGNORECASE)
_CUT_OUT = frozenset(["crop", "rect"])
_PAIR = re.compile(r"(\d{2,5})[,x:](\d{2,5})", re.IGNORECASE)
_WIDTHS, _HEIGHTS, _BOTH = ("width", "w"), ("height", "h"), ("resize", "fit", "size")
# Cloudinary and its like: w_1200,h_675 in one part of the path.
_NAMED_SIDE = re.compile(r"(?:^|,)([wh])_(\d{2,5})(?=,|$)")
_SOURCE = re.compile(r"\s*([^\s,]\S*[^\s,])(?:\s+(\d{1,5})w)?\s*(?:,|$)")


def size_in_address(url: str) -> Size | None:
    """Return the width and height that *url*, an absolute address, asks for; None unless it names both."""
    if len(url) > _MAX_ADDRESS:
        return None
    _, _, behind = url.partition("#")[0].partition("://")
    path, _, query = behind.partition("?")
    return _of_query(query) or _of_path(path.partition("/")[2])


def size_in_elements(document: PageDocument, url: str) -> Size | None:
    """Return the size of the picture at *url* as the first `<img>` that shows it tells: by width and height, or its `srcset`.

    Cost: a look at up to 60 elements.
    """
    for node in document.select("img[width][height]", _MAX_ELEMENTS):
        shown = _size(attribute(node, "width"), attribute(node, "height"))
        if shown is None:
            continue
        for address, width in _sources(node):
            if document.absolute(address) == url:
                return shown if width is None else _size(width, round(width * shown[1] / shown[0]))
    return None


def _sources(node: LexborNode) -> Iterator[tuple[str, int | None]]:
    """Yield each address that *node* may show and its width, None where only the width it is shown with is told."""
    for name in ("srcset", "data-srcset"):
        for number, match in enumerate(_SOURCE.finditer(attribute(node, name)[: 20 * _MAX_ADDRESS])):
            if number == _MAX_SOURCES:
                break
            if match[2]:
                yield match[1], int(match[2])
    for name in ("src", "data-src"):
        if address := attribute(node, name):
            yield address, None


def _of_query(query: str) -> Size | None:
    told: dict[str, str] = {}
    for part in query.split("&")[:40]:
        name, _, value = part.partition("=")
        told.setdefault(name.lower(), unquote(value[:40]))
    for wide, high in zip(_WIDTHS, _HEIGHTS, strict=True):
        if size := _size(told.get(wide), told.get(high)):
            return size
    for name in _BOTH:
        pair = _PAIR.fullmatch(told.get(name, ""))
        if pair and (size := _size(pair[1], pair[2])):
            return size
    return None


def _of_path(path: str) -> Size | None:
    """Return the size that the last telling part of *path* names: picture servers cut first and bring to size then."""
    parts = path.split("/")
    suffix = _SUFFIX.search(parts[-1])
    if suffix and suffix.end() == len(parts[-1]):
        return _size(suffix[1], suffix[2])
    for place in range(len(parts) - 1, -1, -1):
        part = parts[place]
        whole = _PART.fullmatch(part)
        if whole and not (place and parts[place - 1].lower() in _CUT_OUT):
            return _size(whole[1], whole[2])
        sides = dict(_NAMED_SIDE.findall(part))
        if len(sides) == 2:
            return _size(sides["w"], sides["h"])
    return None


def _size(width: object, height: object) -> Size | None:
    try:
        wide, high = int(str(width).removesuffix("px")), int(str(height).removesuffix("px"))
    except ValueError:
        return None
    return (wide, high) if min(wide, high) >= _LEAST_SIDE and max(wide, high) <= MAX_SIDE else None
