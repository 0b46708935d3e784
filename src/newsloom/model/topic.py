"""Topics as their owner defines them, and the labels items get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsloom.model.record import Image


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled example of a topic: text that belongs to it, or that does not."""

    title: str
    excerpt: str = ""
    belongs: bool = True


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic file.

    `keywords` are words and phrases, case-sensitive where they hold an upper-case letter beyond the first of a word
    (`AI`, `iOS`), word-bounded always. `exclude` are phrases whose place in a text does not count (`Ai Weiwei`).
    An entry listed twice in the file stands twice here: the origin counts it twice.
    `parent` is another topic's name. `services` as the origin's files have them. `media_topic` is its code in IPTC's Media
    Topics (`medtop:20001298`). `floor` is the precision and recall, in 0..1, that its examples must reach in a test.
    """

    id: str
    name: str
    shortname: str | None = None
    description: str = ""
    parent: str | None = None
    keywords: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    services: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    path: str = ""
    media_topic: str | None = None
    floor: float = 0.5


@dataclass(frozen=True, slots=True)
class TopicLabel:
    """A topic given to an item: confidence in 0..1, and the evidence in words (`title: "facial recognition"`)."""

    topic: str
    confidence: float
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Organization:
    """A provider file (`_data/organizations/<domain>.md`): name, logos and, in newsloom, its standing 0..100 (None: unknown).

    `other_names` are further names it goes by.
    """

    domain: str
    name: str
    description: str = ""
    images: tuple[Image, ...] = ()
    standing: int | None = None
    kind: str | None = None
    path: str = ""
    other_names: tuple[str, ...] = ()
