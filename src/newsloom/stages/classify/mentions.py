"""Where an item mentions a topic's keywords, and how prominently."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from newsloom.stages.classify.keywords import Hit, KeywordIndex
from newsloom.stages.classify.reading import LEAD_WORDS, Reading
from newsloom.vocab.text import stem, tokens


@dataclass(frozen=True, slots=True)
class Mentions:
    """A topic's keywords in an item: the distinct ones in title and lead, and all places.

    `density` is 1 for a mention in every 25 words, and no more than that.
    """

    title: tuple[str, ...]
    lead: tuple[str, ...]
    title_hits: tuple[Hit, ...]
    lead_hits: tuple[Hit, ...]
    further: int
    density: float

    def capitals(self, title: str, text: str) -> float:
        """Return how far the keywords stand as a name does: 1 with a capital amid small words, 0.5 where all would have one, 0 without."""
        found = 0.0
        for read, hits in ((title, self.title_hits), (text, self.lead_hits)):
            says_nothing = _is_title_case(read[:_CASE_CHARACTERS])
            for hit in hits:
                if read[hit.start : hit.start + 1].isupper():
                    found = max(found, 0.5 if says_nothing or _starts_sentence(read, hit.start) else 1.0)
        return found

    def told(self) -> list[str]:
        """Return the evidence in words."""
        found = [f'title: "{keyword}"' for keyword in self.title]
        found += [f'text: "{keyword}"' for keyword in self.lead]
        return [*found, f"text: {self.further} more"] if self.further else found


def find_mentions(index: KeywordIndex, reading: Reading) -> Mentions | None:
    """Return the mentions of one topic's keywords in an item, None when there is none in title or lead, nor many elsewhere."""
    in_title = index.hits(reading.title, "title")
    in_text = index.hits(reading.text, "text")
    if not in_title and not in_text:
        return None
    in_lead = [hit for hit in in_text if hit.word < LEAD_WORDS]
    density = min(1.0, 25.0 * len(in_text) / max(50, len(reading.text.words)))
    title, lead = _distinct(in_title), _distinct(in_lead)
    stems = {_key(keyword) for keyword in title}
    return Mentions(
        tuple(title),
        tuple(keyword for keyword in lead if _key(keyword) not in stems),
        tuple(in_title),
        tuple(in_lead),
        len(in_text) - len(in_lead),
        density,
    )


def _distinct(hits: Iterable[Hit]) -> list[str]:
    """Return the keywords of *hits*, one for each meaning: a singular and its plural, or a word inside a longer hit, count once."""
    longest = sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start))
    kept: list[Hit] = []
    stems: set[str] = set()
    for hit in longest:
        key = _key(hit.keyword)
        if key in stems or any(hit.start < other.end and other.start < hit.end for other in kept):
            continue
        stems.add(key)
        kept.append(hit)
    return [hit.keyword for hit in sorted(kept, key=lambda hit: hit.start)]


def _key(keyword: str) -> str:
    return " ".join(stem(word) for word in tokens(keyword))


def _is_title_case(text: str) -> bool:
    """Return whether most longer words of *text* have a capital, so that one more says nothing."""
    longer = [word for word in text.split() if len(word) > 3 and word[0].isalpha()]
    return sum(word[0].isupper() for word in longer) > 0.7 * len(longer)


def _starts_sentence(text: str, place: int) -> bool:
    before = text[:place].rstrip(" \"'“‘(*-–")
    return not before or before[-1] in ".!?:;\n|"


_CASE_CHARACTERS = 300
