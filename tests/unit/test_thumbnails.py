"""Thumbnails: small, upright, without metadata, the same each time; and what is no picture is none."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from invented_edition import NOW, invented
from newsloom.adapters.pages.thumbnails import ThumbnailShelf, make_thumbnail


def photo(width: int = 1600, height: int = 900) -> Image.Image:
    made = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    ImageDraw.Draw(made).ellipse((width // 5, height // 5, width // 2, height // 2), fill=(200, 40, 60))
    return made


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_news_pictures_become_small_webp(kind: str) -> None:
    made = make_thumbnail(saved(photo(), kind), pixels=800)
    assert made is not None
    assert (made.width, made.height) == (800, 450)
    assert made.path.startswith("images/") and made.path.endswith(".webp")
    with Image.open(io.BytesIO(made.body)) as read:
        assert (read.format, read.size) == ("WEBP", (800, 450))


def test_same_picture_same_bytes_and_name() -> None:
    data = saved(photo(), "JPEG")
    assert make_thumbnail(data, pixels=400) == make_thumbnail(data, pixels=400)


def test_small_picture_is_not_enlarged() -> None:
    made = make_thumbnail(saved(photo(300, 200), "PNG"), pixels=800)
    assert made is not None and (made.width, made.height) == (300, 200)


def test_turned_by_its_exif_and_stripped_of_it() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter
    exif[0x010E] = "taken at home"
    made = make_thumbnail(saved(photo(), "JPEG", exif=exif, comment=b"secret place"), pixels=400)
    assert made is not None and (made.width, made.height) == (225, 400)
    assert b"taken at home" not in made.body and b"secret place" not in made.body
    with Image.open(io.BytesIO(made.body)) as read:
        assert not read.getexif() and "icc_profile" not in read.info


def test_transparency_stands_on_white() -> None:
    picture = photo().convert("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 1600, 300))
    made = make_thumbnail(saved(picture, "PNG"), pixels=400)
    assert made is not None
    with Image.open(io.BytesIO(made.body)) as read:
        assert min(read.convert("RGB").getpixel((200, 10))) > 245  # type: ignore[arg-type, type-var]


@pytest.mark.parametrize(
    "picture",
    [Image.new("RGB", (1200, 630), "navy"), photo(100, 100), photo(1200, 90), photo(1, 1)],
    ids=["flat", "icon", "banner", "pixel"],
)
def test_logos_icons_and_banners_are_none(picture: Image.Image) -> None:
    assert make_thumbnail(saved(picture, "PNG"), pixels=800) is None


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", saved(photo(), "JPEG")[:3000], png_that_claims(30_000, 30_000), png_that_claims(6_000, 9_000),
     saved(photo(), "BMP"), saved(photo(), "TIFF"), b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 500 500\n"],
    ids=["empty", "stub", "svg", "torn", "bomb", "large", "bmp", "tiff", "postscript"],
)  # fmt: skip
def test_broken_huge_or_other_files_are_none(data: bytes) -> None:
    assert make_thumbnail(data, pixels=800) is None


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 4000), st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "AVIF"]))
def test_no_bytes_make_it_fail(noise: bytes, at: int, kind: str) -> None:
    data = saved(photo(320, 200), kind)
    made = make_thumbnail(data[:at] + noise + data[at + len(noise) :], pixels=200)
    assert made is None or 0 < max(made.width, made.height) <= 200


def test_shelf_fetches_each_picture_once(tmp_path: Path) -> None:
    shelf = ThumbnailShelf(tmp_path / "pictures", pixels=300)
    good, none, failed = (f"https://a.example/{name}.jpg" for name in ("good", "none", "failed"))
    assert not shelf.has(good)
    shelf.put(good, saved(photo(), "JPEG"))
    shelf.put(none, b"no picture")
    shelf.put_failure(failed, NOW)
    again = ThumbnailShelf(tmp_path / "pictures", pixels=300)
    assert again.has(good) and again.has(none) and again.has(failed)
    dressed = again.dress(invented(), [good, none, failed])
    assert good in dressed.thumbnails and dressed.thumbnails[good].body
    assert none not in dressed.thumbnails and failed not in dressed.thumbnails
    assert not ThumbnailShelf(tmp_path / "pictures", pixels=500).has(good)


def test_shelf_knows_the_true_size_as_shown(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter
    shelf = ThumbnailShelf(tmp_path, pixels=300)
    upright, turned, none, unknown = (
        f"https://a.example/{name}.jpg" for name in ("upright", "turned", "none", "unknown")
    )
    shelf.put(upright, saved(photo(1600, 900), "JPEG"))
    shelf.put(turned, saved(photo(1600, 900), "JPEG", exif=exif))
    shelf.put(none, b"no picture")
    sizes = [ThumbnailShelf(tmp_path, pixels=300).size(url) for url in (upright, turned, none, unknown)]
    assert sizes == [(1600, 900), (900, 1600), None, None]


def test_shelf_tries_a_failure_again_after_a_week(tmp_path: Path) -> None:
    shelf = ThumbnailShelf(tmp_path, pixels=300)
    shelf.put_failure("https://a.example/x.jpg", NOW)
    shelf.dress(replace(invented(), now=NOW + timedelta(days=6)), ["https://a.example/x.jpg"])
    assert shelf.has("https://a.example/x.jpg")
    shelf.dress(replace(invented(), now=NOW + timedelta(days=8)), ["https://a.example/x.jpg"])
    assert not shelf.has("https://a.example/x.jpg")


def test_shelf_forgets_what_was_damaged(tmp_path: Path) -> None:
    shelf = ThumbnailShelf(tmp_path, pixels=300)
    shelf.put("https://a.example/x.jpg", saved(photo(), "JPEG"))
    for picture in tmp_path.rglob("*.webp"):
        picture.unlink()
    assert "https://a.example/x.jpg" not in shelf.dress(invented(), ["https://a.example/x.jpg"]).thumbnails
    assert not shelf.has("https://a.example/x.jpg")


def test_no_outlet_shows_what_was_seen_to_be_no_picture(tmp_path: Path) -> None:
    made = invented()
    file = next(file for file in made.records if file.record.images)
    logo, *others = [image.url for image in file.record.images]
    shelf = ThumbnailShelf(tmp_path, pixels=300)
    shelf.put(logo, saved(Image.new("RGB", (400, 300), "white"), "PNG"))
    dressed = shelf.dress(made, [logo])
    shown = next(one for one in dressed.records if one.path == file.path)
    assert [image.url for image in shown.record.images] == others
    shelf.put_failure(logo, NOW)  # one that could not be had says nothing about the picture
    assert shelf.dress(made, [logo]).records == made.records
