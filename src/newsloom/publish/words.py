"""The site's own words and dates, one JSON file a language under `words/`: add a language by adding a file.

Only the site's own text is translated, never a provider's. Dates are absolute: a page must not change because time passes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Literal

Direction = Literal["ltr", "rtl", "auto"]

# Languages written right to left (CLDR characterOrder), by primary subtag; a script subtag decides before them.
_RTL_LANGUAGES = frozenset(
    ("ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ku", "ps", "sd", "syr", "ug", "ur", "yi")
)
_RTL_SCRIPTS = frozenset(("adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"))


def direction(language: str | None) -> Direction:
    """Return the writing direction of a BCP 47 *language*; `auto` (let the text decide) when it is unknown."""
    subtags = (language or "").lower().replace("_", "-").split("-")
    if not subtags[0]:
        return "auto"
    script = next((tag for tag in subtags[1:] if len(tag) == 4 and tag.isalpha()), None)
    if script is not None:
        return "rtl" if script in _RTL_SCRIPTS else "ltr"
    return "rtl" if subtags[0] in _RTL_LANGUAGES else "ltr"


def _arabic(n: int) -> str:
    if n <= 2:
        return ("zero", "one", "two")[n]
    rest = n % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"


def _european(n: int) -> str:
    return "one" if n == 1 else "other"


# Cardinal plural rules for whole numbers. Source: Unicode CLDR 46, supplemental/plurals.
_PLURALS: Mapping[str, Callable[[int], str]] = {
    "ar": _arabic,
    "fr": lambda n: "one" if n in (0, 1) else "other",
    "ja": lambda n: "other",
    "zh": lambda n: "other",
}


@cache
def _table(language: str) -> Mapping[str, object] | None:
    found = files(__package__).joinpath("words", f"{language}.json")
    if not language.isalpha() or not found.is_file():
        return None
    table: Mapping[str, object] = json.loads(found.read_text(encoding="utf-8"))
    return table


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. `language` is the one whose words are used: English where the site's has no file."""

    language: str
    table: Mapping[str, object]

    def __call__(self, key: str, **values: object) -> str:
        """Return the text under *key* with *values* filled in. Raises KeyError for an unknown key."""
        text = self.table[key]
        assert isinstance(text, str), key
        return text.format(**values) if values else text

    def count(self, key: str, count: int) -> str:
        """Return the text under *key* in the plural form that *count* takes in this language."""
        forms = self.table[key]
        assert isinstance(forms, Mapping), key
        category = _PLURALS.get(self.language, _european)(count)
        return str(forms.get(category, forms["other"])).format(count=count)

    def date(self, day: date) -> str:
        """Return *day* as people write it, year included."""
        return self("date", day=day.day, month=self._month_name(day.month), year=day.year)

    def month(self, year: int, month: int) -> str:
        """Return a month as people write it."""
        return self("month_date", month=self._month_name(month), year=year)

    def date_time(self, at: datetime) -> str:
        """Return *at* to the minute in its own zone, 24-hour clock."""
        return self("date_time", date=self.date(at), time=f"{at:%H:%M}")

    def _month_name(self, month: int) -> str:
        months = self.table["months"]
        assert isinstance(months, list)
        return str(months[month - 1])


def words(language: str) -> Words:
    """Return the words for a BCP 47 *language*, English where there is no file for it."""
    primary = language.lower().replace("_", "-").split("-")[0]
    table = _table(primary)
    if table is not None:
        return Words(primary, table)
    english = _table("en")
    assert english is not None
    return Words("en", english)
