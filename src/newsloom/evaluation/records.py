"""`eval records`: how many records the codec gives back byte for byte, and how many file names it would choose itself."""

from __future__ import annotations

from pathlib import Path

from newsloom.errors import DataLayoutError, RecordError
from newsloom.vocab.frontmatter import canonical, parse
from newsloom.vocab.slugs import slug

_DATE_LENGTH = len("2026-03-02-")


def evaluate_records(path: Path) -> dict[str, object]:
    """Return records, roundtrip_exact, slug_exact and quarantined of the folder *path*, which holds `_news/`.

    roundtrip_exact counts files whose every byte newsloom writes itself from the values alone (line ends, byte order mark
    and unknown keys excepted): keeping the text that was read would prove nothing. slug_exact counts names equal to the
    slug of the title, with or without the suffix of a name that was taken; their dates are not judged.

    Raises:
        DataLayoutError: *path* holds no `_news/`.
    """
    folder = path / "_news"
    if not folder.is_dir():
        raise DataLayoutError("there is no folder `_news` here", where=str(path), hint="Give the folder that holds it")
    records = roundtrip_exact = slug_exact = quarantined = 0
    for file in sorted(folder.glob("*.md")):
        data = file.read_bytes()
        try:
            record = parse(data, path=file.name)
        except RecordError:
            quarantined += 1
            continue
        records += 1
        roundtrip_exact += canonical(record) == data
        own = slug(record.title, fallback_url=record.web_url or record.original_url or "")
        name = file.stem[_DATE_LENGTH:]
        slug_exact += name == own or (name.startswith(own + "-") and len(name) in (len(own) + 9, len(own) + 17))
    return {
        "records": records,
        "roundtrip_exact": roundtrip_exact,
        "slug_exact": slug_exact,
        "quarantined": quarantined,
    }
