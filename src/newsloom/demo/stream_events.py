"""One event of a generated stream, as its providers report it: own reports, copies, a press release, a follow-up."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from newsloom.demo.stream_words import Speech, bag, name, said

COPY_KINDS = ("headline", "trimmed", "local", "trimmed_local", "edited", "excerpt", "credited", "address")
_EXCERPT_CHARACTERS, _EXCERPT_WORDS = 240, 40
_MONTHS = ("January", "March", "May", "June", "September", "November")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


@dataclass(frozen=True, slots=True)
class Publisher:
    """A provider of generated streams."""

    name: str
    domain: str
    kind: str
    language: str


@dataclass(frozen=True, slots=True)
class Report:
    """One item: when it is published and first seen, what it says, and its labels. `key` is unique within its event."""

    key: int
    publisher: Publisher
    published: datetime
    first_seen: datetime
    title: str
    body: str
    story: str
    topics: tuple[str, ...]
    excerpt: str = ""
    duplicate_of: int | None = None
    follows: str | None = None
    is_spam: bool = False
    form: str = ""


@dataclass(slots=True)
class Event:
    """What happened, and how it is told: its facts, words of its own, and what was reported so far."""

    number: int
    kind: str
    start: datetime
    speech: Speech
    publishers: Sequence[Publisher]
    rng: random.Random
    facts: dict[str, str] = field(default_factory=dict)
    own: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.own = bag(self.speech, self.rng)
        self.facts = _facts(self.kind, self.speech, self.rng)

    def tell(self) -> list[Report]:
        """Return all reports of the event, in order of first_seen."""
        if self.kind in ("offtopic", "market"):
            self._single()
        elif self.kind == "release":
            self._release()
        else:
            self._news(self.speech.data["kinds"][self.kind])
        return sorted(self.reports, key=lambda report: (report.first_seen, report.key))

    def _news(self, told: Mapping[str, Any]) -> None:
        story, topics, count = f"s{self.number:07d}", tuple(told["topics"]), int(self.facts["n"])
        days = self.rng.randint(1, told["days"])
        for day in range(days):
            at = self.start + timedelta(days=day)
            self._date(at, day, count)
            leads, titles = _shuffled(told["leads"], self.rng), _shuffled(told["titles"], self.rng)
            reporters = self._reporters(min(len(leads), _how_many(self.rng)))
            for place, publisher in enumerate(reporters):
                lead = leads[place]
                body = self._body(lead, told["facts"])
                report = self._add(publisher, at, titles[place % len(titles)], body, story, topics)
                if publisher.kind == "wire" or (publisher.kind == "local" and self.rng.random() < 0.2):
                    self._copies(report)
                at += timedelta(minutes=self.rng.randint(4, 200))
            count = int(count * self.rng.uniform(1.15, 1.9)) + 1
        if self.speech.tag == "en" and self.rng.random() < 0.25:
            self._follow_up(story, topics, self.start + timedelta(days=days + self.rng.randint(0, 2), hours=3))

    def _follow_up(self, story: str, topics: tuple[str, ...], at: datetime) -> None:
        told = self.speech.data["follow"]
        self._date(at, 0, int(self.facts["n"]))
        for place, publisher in enumerate(self._reporters(self.rng.randint(1, len(told["leads"])))):
            background = [*self.speech.data["kinds"][self.kind]["facts"][:1], told["background"]]
            body = self._body(told["leads"][place], background, least=len(background))
            report = self._add(publisher, at, self.rng.choice(told["titles"]), body, f"{story}f", topics)
            self.reports[-1] = replace(report, follows=story)
            at += timedelta(minutes=self.rng.randint(10, 300))

    def _release(self) -> None:
        """A company's own text, run by a press-release service, copied by others, quoted by a paper."""
        told, story = self.speech.data["release"], f"s{self.number:07d}"
        service = self.rng.choice([one for one in self.publishers if one.kind == "press_release"])
        self._date(self.start, 0, int(self.facts["n"]))
        quotes = [self._said(quote) for quote in told["quotes"]]
        text = [self._said(self.rng.choice(told["leads"])), *quotes, *self._colour(3), self._said(told["about"])]
        release = self._add(service, self.start, self.rng.choice(told["titles"]), text, story, ("Business",))
        self._copies(release, most=3)
        for publisher in self._reporters(self.rng.randint(0, 2)):
            own = [*self._colour(4), self.rng.choice(quotes), *self._colour(3)]
            title = "{org} shows {thing} in {place}"
            self._add(publisher, self.start + timedelta(hours=3), title, own, story, ("Business",))

    def _single(self) -> None:
        told = self.speech.data[self.kind]
        is_spam = self.kind == "market"
        kinds = ("press_release",) if is_spam else ("local", "blog")
        publisher = self.rng.choice([one for one in self.publishers if one.kind in kinds])
        self._date(self.start, 0, int(self.facts["n"]))
        title = self.rng.choice(told["titles"] if is_spam else told)
        body = [self._said(told["text"])] if is_spam else self._colour(5)
        report = self._add(publisher, self.start, title, body, f"s{self.number:07d}", ())
        self.reports[-1] = replace(report, is_spam=is_spam)

    def _add(
        self, publisher: Publisher, at: datetime, title: str, body: Sequence[str], story: str, topics: tuple[str, ...]
    ) -> Report:
        seen = at + timedelta(minutes=self.rng.randint(1, 45))
        report = Report(
            len(self.reports), publisher, at, seen, _upper_first(self._said(title)), "\n\n".join(body), story, topics
        )
        self.reports.append(report)
        return report

    def _copies(self, original: Report, most: int = 6) -> None:
        for _ in range(self.rng.choice((0, 0, 0, 1, 1, 2, most))):
            form = self.rng.choice(COPY_KINDS)
            others = [one for one in self.publishers if one.kind in ("aggregator", "local", "national")]
            publisher = original.publisher if form == "address" else self.rng.choice(others)
            if publisher is original.publisher and form != "address":
                continue
            at = original.published + timedelta(minutes=self.rng.randint(5, 1_200))
            self.reports.append(
                replace(
                    self._altered(original, form),
                    key=len(self.reports),
                    publisher=publisher,
                    published=at,
                    first_seen=max(at, original.first_seen) + timedelta(minutes=self.rng.randint(1, 60)),
                    duplicate_of=original.key,
                    form=form,
                )
            )

    def _altered(self, original: Report, form: str) -> Report:
        """Return *original* as others run it."""
        paragraphs = original.body.split("\n\n")
        half = paragraphs[: max(2, (len(paragraphs) + 1) // 2)]
        local = self._said(self.rng.choice(self.speech.data["local"]))
        words = original.body.split()
        title = original.title if self.rng.random() < 0.5 else _upper_first(self._said(self._headline()))
        if form == "excerpt":
            return replace(original, title=title, body="", excerpt=" ".join(words[:_EXCERPT_WORDS]) + "…")
        if form == "edited":
            fresh = [word for inside in self.speech.words.values() for word in inside]
            edited = [self.rng.choice(fresh) if word.islower() and self.rng.random() < 0.2 else word for word in words]
            return replace(original, title=title, body=" ".join(edited))
        text = {
            "trimmed": half,
            "local": [*paragraphs, local] if self.rng.random() < 0.7 else [local, *paragraphs],
            "trimmed_local": [*half, local],
            "credited": [self._said(self.rng.choice(self.speech.data["attribution"])) + paragraphs[0], *paragraphs[1:]],
        }.get(form, paragraphs)
        return replace(original, title=original.title if form == "address" else title, body="\n\n".join(text))

    def _headline(self) -> str:
        told = self.speech.data.get("release") if self.kind == "release" else self.speech.data["kinds"].get(self.kind)
        return str(self.rng.choice(told["titles"])) if told else "{org}"

    def _body(self, lead: str, facts: Sequence[str], least: int = 1) -> list[str]:
        """Return a report's paragraphs: its lead, some of the facts, and what only this reporter saw."""
        stated = [self._said(fact) for fact in _shuffled(facts, self.rng)[: self.rng.randint(least, max(least, 3))]]
        seen = self._colour(self.rng.randint(4, 8))
        paragraphs = [self._said(lead)]
        while stated or seen:
            inside = [source.pop() for source in (seen, stated, seen) if source]
            paragraphs.append(" ".join(inside))
        return paragraphs

    def _colour(self, count: int) -> list[str]:
        return [self._said(self.rng.choice(self.speech.data["colour"])) for _ in range(count)]

    def _said(self, template: str) -> str:
        return said(template, self.facts, self.speech, self.own, self.rng)

    def _date(self, at: datetime, day: int, count: int) -> None:
        """Set what the facts are on one day: its name, and the count that grows."""
        weekday = self.speech.data["weekdays"][at.weekday()]
        self.facts.update(day=weekday, dayno=str(day + 1), dayth=_ORDINALS[day % len(_ORDINALS)], n=f"{count}")

    def _reporters(self, count: int) -> list[Publisher]:
        fit = [one for one in self.publishers if one.kind in ("wire", "national", "local", "trade", "blog")]
        wire = [one for one in fit if one.kind == "wire"]
        chosen = self.rng.sample(fit, min(count, len(fit)))
        if self.rng.random() < 0.4 and wire[0] not in chosen:
            chosen[:1] = wire[:1]
        return chosen


def _facts(kind: str, speech: Speech, rng: random.Random) -> dict[str, str]:
    place, region, thing = name(rng), name(rng), rng.choice(speech.data["things"])
    suffix = rng.choice((" Works", " Group", " Motors", " Foods", " Systems", " Lines", " Union"))
    facts = {
        "place": place, "PLACE": place.upper(), "region": region, "town2": name(rng), "month": rng.choice(_MONTHS),
        "person": f"{name(rng, 2)} {name(rng)}", "person2": f"{name(rng, 2)} {name(rng)}",
        "org": f"Bank of {region}" if kind == "rate" else name(rng) + suffix, "org2": name(rng) + rng.choice((" Partners", " Institute", " & Daughters", " Labs")),
        "thing": thing, "Thing": _upper_first(thing), "question": rng.choice(speech.data["questions"]),
        "mag": f"{rng.uniform(4.1, 7.4):.1f}", "pct": f"{rng.choice(range(25, 900, 25)) / 100:g}",
        "n": str(rng.choice((rng.randint(3, 60), rng.randint(100, 900), rng.randint(1_000, 90_000)))),
        "n2": str(rng.randint(2, 39)), "n3": str(rng.randint(2, 29)),
    }  # fmt: skip
    return facts


def _how_many(rng: random.Random) -> int:
    """Return how many providers report one day of an event: most events have few, some many."""
    return min(12, int(rng.paretovariate(1.1)))


def _shuffled(values: Sequence[str], rng: random.Random) -> list[str]:
    return rng.sample(values, len(values))


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def rows(event: Event) -> Iterator[dict[str, Any]]:
    """Yield the reports of *event* as lines of a labelled stream, in order of first_seen."""
    told = event.tell()
    firsts: dict[str, Report] = {}
    for report in sorted(told, key=lambda one: (one.published, one.key)):
        firsts.setdefault(report.story, report)
    for report in told:
        publisher = report.publisher
        yield {
            "id": _id(event, report.key),
            "publisher": publisher.name,
            "domain": publisher.domain,
            "source_kind": publisher.kind,
            "published": f"{report.published:%Y-%m-%dT%H:%M:%SZ}",
            "first_seen": f"{report.first_seen:%Y-%m-%dT%H:%M:%SZ}",
            "title": report.title,
            "excerpt": report.excerpt or report.body[:_EXCERPT_CHARACTERS].rsplit(" ", 1)[0],
            "body": report.body,
            "lang": event.speech.tag,
            "story": report.story,
            "duplicate_of": None if report.duplicate_of is None else _id(event, report.duplicate_of),
            "follows": report.follows,
            "topics": list(report.topics),
            "press_release_spam": report.is_spam,
            "broke_first": firsts[report.story] is report,
            "url": _url(event, report),
        }


def _id(event: Event, key: int) -> str:
    return f"e{event.number:07d}-{key:02d}"


def _url(event: Event, report: Report) -> str:
    """Return the item's address; of a copy that is the same page in another form, that form of the original's."""
    if report.form != "address" or report.duplicate_of is None:
        return f"https://www.{report.publisher.domain}/{report.published:%Y/%m}/{_id(event, report.key)}"
    host, path = (
        report.publisher.domain,
        f"{event.reports[report.duplicate_of].published:%Y/%m}/{_id(event, report.duplicate_of)}",
    )
    forms = (
        f"https://m.{host}/{path}",
        f"https://www.{host}/{path}/amp/",
        f"https://www.{host}/{path}?utm_source=feed&utm_medium=rss",
    )
    return forms[report.key % len(forms)]
