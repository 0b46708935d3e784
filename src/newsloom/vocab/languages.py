"""Language tags as pages, feeds and schema.org write them, brought to BCP 47."""

from __future__ import annotations

import re

from newsloom.vocab.text import primary_language

_TAG = re.compile(r"^([a-zA-Z]{2,3})(?:[-_]([a-zA-Z]{4}))?(?:[-_]([a-zA-Z]{2}|\d{3}))?(?:[-_.@;,].*)?$")

NAMES = {
    "arabic": "ar", "chinese": "zh", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "finnish": "fi", "french": "fr",
    "german": "de", "deutsch": "de", "greek": "el", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "indonesian": "id",
    "italian": "it", "italiano": "it", "japanese": "ja", "korean": "ko", "norwegian": "no", "persian": "fa", "polish": "pl",
    "portuguese": "pt", "romanian": "ro", "russian": "ru", "spanish": "es", "español": "es", "français": "fr", "swedish": "sv",
    "thai": "th", "turkish": "tr", "ukrainian": "uk", "urdu": "ur", "vietnamese": "vi",
}  # fmt: skip
"""Names that pages write where a tag belongs."""

_OBSOLETE = {"iw": "he", "in": "id", "ji": "yi", "jp": "ja", "cn": "zh", "ua": "uk"}


def language_tag(text: str) -> str | None:
    """Return *text* (`en_US`, `EN`, `zh-Hans-CN`, `German`) as a BCP 47 tag (`en-US`, `en`, `zh-Hans-CN`, `de`), or None.

    `und`, `mul` and placeholders give None.

    Source: RFC 5646, section 2.1; former and mistaken codes (`iw`, `jp`) become the right ones.
    """
    text = text.strip()
    if text.lower() in NAMES:
        return NAMES[text.lower()]
    match = _TAG.match(text)
    if match is None:
        return None
    primary = _OBSOLETE.get(match[1].lower(), match[1].lower())
    if primary in ("und", "mul", "zxx", "mis"):
        return None
    script = match[2].title() if match[2] else None
    region = match[3].upper() if match[3] else None
    return "-".join(part for part in (primary, script, region) if part)


def same_language(tag: str | None, other: str | None) -> bool:
    """Return whether two texts may be in one language: both tags name one, whatever script and region, or one is unknown."""
    mine, theirs = primary_language(tag), primary_language(other)
    return mine is None or theirs is None or mine == theirs
