"""Pictures of the invented web, drawn when asked for: the same address gives the same bytes."""

from __future__ import annotations

import hashlib
from io import BytesIO

from PIL import Image, ImageDraw


def photograph(seed: str, width: int, height: int) -> bytes:
    """Return a JPEG of *width* × *height* pixels: a landscape whose hills and colours come from *seed*."""
    digest = hashlib.sha256(seed.encode()).digest()
    image = Image.new("RGB", (width, height), (150 + digest[0] % 90, 170 + digest[1] % 70, 200 + digest[2] % 50))
    draw = ImageDraw.Draw(image)
    radius = height // 12 + digest[3] % (height // 12)
    x, y = width * (20 + digest[4] % 60) // 100, height * (12 + digest[5] % 20) // 100
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(250, 225, 150 + digest[6] % 60))
    for layer in range(4):
        shade = digest[8 + layer]
        colour = (40 + shade % 60, 90 + (shade * 3) % 70 - 14 * layer, 70 + (shade * 7) % 60 - 10 * layer)
        top = height * (45 + 13 * layer) // 100
        points = [(width * step // 8, top + digest[12 + layer * 4 + step % 4] * height // 2000) for step in range(9)]
        draw.polygon([*points, (width, height), (0, height)], fill=colour)
    return _encoded(image, "JPEG")


def logo(name: str) -> bytes:
    """Return a PNG logo of 220 × 48 pixels."""
    digest = hashlib.sha256(name.encode()).digest()
    image = Image.new("RGB", (220, 48), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((4, 8, 36, 40), fill=(digest[0], digest[1] // 2, digest[2] // 2))
    draw.rectangle((46, 16, 200, 32), fill=(40, 40, 40))
    return _encoded(image, "PNG")


def placeholder() -> bytes:
    """Return the grey card that systems put where no picture is: 600 × 315 pixels, one colour."""
    return _encoded(Image.new("RGB", (600, 315), (204, 204, 204)), "PNG")


def _encoded(image: Image.Image, form: str) -> bytes:
    out = BytesIO()
    image.save(out, form)
    return out.getvalue()
