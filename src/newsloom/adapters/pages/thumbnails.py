"""Small local copies of pictures, so that a page of the portal makes no request to anyone else."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import warnings
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from newsloom.adapters.files.atomic import Guard, unguarded, write_atomic
from newsloom.model.portal import Edition, Thumbnail
from newsloom.model.record import RecordFile

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
_MOST_BYTES = 20 * 1024 * 1024
# 50 megapixels: a large press photograph; decoded at 4 bytes a pixel it stays under 200 MB.
_MOST_PIXELS = 50_000_000
# Smaller than this is an icon, longer than this in one direction a banner or a rule.
_SMALLEST_SIDE = 120
_LONGEST_RATIO = 4.0
# A logo or placeholder: what is left of it at 32 x 32 has almost no grey levels of its own.
_FEWEST_LEVELS = 12
_QUALITY = 76
_ORIENTATION = 0x0112  # EXIF
_TURNED = (5, 6, 7, 8)  # by a quarter: what is stored as its width is shown as its height
_RETRY_AFTER = timedelta(days=7)


def make_thumbnail(data: bytes, *, pixels: int) -> Thumbnail | None:
    """Return a small copy of the picture in *data*: upright, without metadata, the same bytes for the same picture.

    Args:
        data: JPEG, PNG, WebP, GIF (its first frame) or AVIF; untrusted.
        pixels: longest side of the copy at most; a smaller picture is not enlarged.

    Returns:
        A WebP named by its content, or None for what cannot be a news picture: broken, an icon, a banner, one flat colour,
        over 20 MB or 50 megapixels.

    Cost: one decode, at reduced size for JPEG.
    """
    if len(data) > _MOST_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read = _read_small(data, pixels)
            if read is None or _is_flat(read[0]):
                return None
            small, original = read
            out = io.BytesIO()
            small.save(out, "WEBP", quality=_QUALITY, method=4)
    # Decoders meet hostile files in as many ways as there are formats; these are what Pillow documents and was seen to raise.
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        MemoryError,
        OverflowError,
        ArithmeticError,
        LookupError,
        TypeError,
        RuntimeError,
        Image.DecompressionBombError,
    ):
        return None
    body = out.getvalue()
    path = f"images/{hashlib.sha256(body).hexdigest()[:20]}.webp"
    return Thumbnail(path, small.width, small.height, body, original)


def _read_small(data: bytes, pixels: int) -> tuple[Image.Image, tuple[int, int]] | None:
    """Return the picture in *data*, small and plain, and its true width and height as it is shown."""
    with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
        width, height = opened.size
        if min(width, height) < _SMALLEST_SIDE or max(width, height) > _LONGEST_RATIO * min(width, height):
            return None
        if width * height > _MOST_PIXELS:
            return None
        if opened.getexif().get(_ORIENTATION) in _TURNED:
            width, height = height, width
        opened.draft("RGB", (pixels, pixels))
        upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((pixels, pixels), Image.Resampling.LANCZOS)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        # On white, as the publisher's own page most likely shows it.
        clear = upright.convert("RGBA")
        ground = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(ground, clear).convert("RGB"), (width, height)
    # A new picture from the pixels alone: no EXIF, no colour profile, no comment comes along.
    plain = upright.convert("RGB")
    return Image.frombytes("RGB", plain.size, plain.tobytes()), (width, height)


def _is_flat(picture: Image.Image) -> bool:
    histogram = picture.convert("L").resize((32, 32), Image.Resampling.BOX).histogram()
    return sum(1 for count in histogram if count) < _FEWEST_LEVELS


def _without(file: RecordFile, urls: Collection[str]) -> RecordFile:
    """Return *file* as outlets see it without the pictures *urls*."""
    kept = tuple(image for image in file.record.images if image.url not in urls)
    return file if len(kept) == len(file.record.images) else replace(file, record=replace(file.record, images=kept))


class ThumbnailShelf:
    """The thumbnails already made, in a folder of the working state: a picture is fetched once.

    A picture that could not be had, or is none, is remembered too and tried again after a week.

    Args:
        folder: made when first needed. It may be deleted at any time.
        pixels: longest side of a copy; another number starts a shelf of its own.
        make: what makes the copies; `make_thumbnail` by default.
        guard: asked before each change; see `PortalLock.check`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        pixels: int,
        make: Callable[[bytes], Thumbnail | None] | None = None,
        guard: Guard = unguarded,
    ) -> None:
        self._folder = folder / str(pixels)
        self._guard = guard
        self._make = make or partial(make_thumbnail, pixels=pixels)

    def has(self, url: str) -> bool:
        """Return whether *url* needs no fetching: its thumbnail is here, or it failed within the last week."""
        return self._note(url).exists()

    def put(self, url: str, data: bytes) -> None:
        """Keep the thumbnail of the picture at *url*, or that there is none to make of it. Raises StorageError."""
        made = self._make(data)
        if made is None:
            self._keep(url, {"none": True})
            return
        write_atomic(self._picture(made.path), made.body, durable=False, guard=self._guard)
        note: dict[str, object] = {"path": made.path, "width": made.width, "height": made.height}
        self._keep(url, note | {"original": list(made.original)} if made.original else note)

    def put_failure(self, url: str, now: datetime) -> None:
        """Remember that *url* could not be fetched at *now*. Raises StorageError."""
        self._keep(url, {"failed": now.isoformat()})

    def size(self, url: str) -> tuple[int, int] | None:
        """Return the true width and height of the picture at *url*, None while its thumbnail is not here."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            width, height = json.loads(self._note(url).read_bytes())["original"]
            return int(width), int(height)
        return None

    def dress(self, edition: Edition, urls: Iterable[str]) -> Edition:
        """Return *edition* with the thumbnails of *urls* that are here, and without those pictures that were seen to be none.

        No outlet shows a logo or an icon for a picture. Forgets failures over a week old at the edition's `now`.
        """
        wanted = tuple(urls)
        found = {url: thumbnail for url in wanted if (thumbnail := self._find(url, edition.now)) is not None}
        none = {url for url in wanted if url not in found and self._is_none(url)}
        records = tuple(_without(file, none) for file in edition.records) if none else edition.records
        return replace(edition, records=records, thumbnails={**edition.thumbnails, **found})

    def unwanted(self, urls: Iterable[str]) -> list[Path]:
        """Return the files here that serve none of *urls*, in order of name."""
        notes = {self._note(url).name for url in urls}
        pictures = set()
        for name in notes:
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                pictures.add(self._picture(json.loads((self._folder / name).read_bytes())["path"]).name)
        try:
            return sorted(path for path in self._folder.iterdir() if path.name not in notes | pictures)
        except FileNotFoundError:
            return []

    def _is_none(self, url: str) -> bool:
        with contextlib.suppress(OSError, ValueError):
            return bool(json.loads(self._note(url).read_bytes()) == {"none": True})
        return False

    def _find(self, url: str, now: datetime) -> Thumbnail | None:
        try:
            note = json.loads(self._note(url).read_bytes())
            if "failed" in note and abs(now - datetime.fromisoformat(note["failed"])) > _RETRY_AFTER:
                self._forget(url)
            if "path" not in note:
                return None
            return Thumbnail(note["path"], note["width"], note["height"], self._picture(note["path"]).read_bytes())
        except (OSError, ValueError, KeyError, TypeError):
            # Damaged or half deleted: it is only a copy, so forget it and fetch it again next time.
            self._forget(url)
            return None

    def _forget(self, url: str) -> None:
        self._guard()
        self._note(url).unlink(missing_ok=True)

    def _keep(self, url: str, note: dict[str, object]) -> None:
        write_atomic(self._note(url), json.dumps(note, sort_keys=True).encode(), durable=False, guard=self._guard)

    def _note(self, url: str) -> Path:
        return self._folder / f"{hashlib.sha256(url.encode('utf-8', 'replace')).hexdigest()[:32]}.json"

    def _picture(self, path: str) -> Path:
        return self._folder / Path(path).name
