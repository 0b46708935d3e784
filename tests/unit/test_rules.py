"""The owner's rules: how they are read, what they hit, what they do, and that nothing in them can stop a run."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from invented_items import TOPICS, article, item
from newsloom.adapters.files.profiles import read_profile
from newsloom.adapters.files.rules import read_rules
from newsloom.errors import ConfigError
from newsloom.model.item import Item
from newsloom.model.rule import Rule
from newsloom.model.score import DECIDED, Score, Term
from newsloom.ports.deciding import StoryView
from newsloom.stages.rank import ProfileScorer
from newsloom.stages.rules import RuledScorer, fields_of, hit, pattern_problem, ruled, try_rules

SCORER = ProfileScorer(read_profile("newsloom"), organizations={}, topics=TOPICS)


def rules(tmp_path: Path, text: str) -> tuple[Rule, ...]:
    path = tmp_path / "rules.toml"
    path.write_text(text, "utf-8")
    return read_rules(path, topics=["Surveillance", "Ferries"])


def one(tmp_path: Path, condition: str, action: str = 'action = "hold"') -> Rule:
    (rule,) = rules(tmp_path, f'[[rule]]\nname = "it"\n{action}\n{condition}\n')
    return rule


def scored(**fields: object) -> Item:
    made = item(article(**fields))  # type: ignore[arg-type]
    return replace(made, quality=SCORER.quality(made), lead=True)


@pytest.mark.parametrize(
    ("condition", "hits"),
    [
        ('title.word = "council"', 'title: "Council"'),
        ('title.word = ["jackpot", "ferry"]', 'title: "ferry"'),
        ('title.word = "coun"', None),
        ('title.phrase = "face  scans"', 'title: "face scans"'),
        ('title.regex = "scans? at (?:the|a) .{1,10}terminal"', 'title: "scans at the ferry terminal"'),
        ('body.word = "operator"', 'body: "operator"'),
        ('text.word = "paused"', 'text: "paused"'),
        ('domain.is = "HarborPost.example"', 'domain: "harborpost.example"'),
        ('url.starts = "https://harborpost.example/council"', 'url: "https://harborpost.example/council"'),
        ('author.is = "Mara Lindqvist"', 'author: "Mara Lindqvist"'),
        ('language.is = "en"', 'language: "en"'),
        ('topic.is = "Surveillance"', 'topic: "Surveillance"'),
        ("quality.above = 50", None),
        ("words.above = 100", "words: 394 above 100"),
        ("words.below = 100", None),
        ("images.is = 0", "images: 0"),
        ('section.is = "Sports"', None),
        ('title.word = "council"\ndomain.is = "other.example"', None),
        ('title.word = "council"\nunless.body.word = "operator"', None),
        ('title.word = "council"\nunless.body.word = "bicycle"', 'title: "Council"'),
    ],
)
def test_conditions(tmp_path: Path, condition: str, hits: str | None) -> None:
    assert hit(one(tmp_path, condition), fields_of(item())) == hits


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[[rule]]\naction = "hold"\ntitle.word = "a"', 1, "needs a name"),
        ('[[rule]]\nname = "a"\naction = "hide"\ntitle.word = "a"', 3, "action must be one of"),
        ('\n[[rule]]\nname = "a"\naction = "hold"\ntitel.word = "a"', 5, "Did you mean 'title'"),
        ('[[rule]]\nname = "a"\naction = "hold"\ntitle.words = "a"', 4, "Did you mean 'word'"),
        ('[[rule]]\nname = "a"\naction = "hold"\n', 2, "no condition"),
        ('[[rule]]\nname = "a"\naction = "hold"\ntitle.word = "two words"', 4, "title.phrase"),
        ('[[rule]]\nname = "a"\naction = "hold"\nquality.word = "70"', 4, "is a number"),
        ('[[rule]]\nname = "a"\naction = "hold"\ntitle.above = 3', 4, "is a text"),
        ('[[rule]]\nname = "a"\naction = "hold"\ntitle.word = ""', 4, "none empty"),
        ('[[rule]]\nname = "a"\naction = "boost"\ntitle.word = "a"', 0, "points belong"),
        ('[[rule]]\nname = "a"\naction = "boost"\npoints = 1e9\ntitle.word = "a"', 4, "from −100 to 100, 0 left out; not 1000000000.0"),
        ('[[rule]]\nname = "a"\naction = "boost"\npoints = 5\nquality.above = 3', 5, "decided after"),
        ('[[rule]]\nname = "a"\naction = "tag"\ntopics = ["Feries"]\ntitle.word = "a"', 4, "Did you mean 'Ferries'"),
        ('[[rule]]\nname = "a"\naction = "hold"\ntitle.regex = "(a+)+b"', 4, "without a bound"),
        ('[[rule]]\nname = "a"\naction = "hold"\ntitle.word = "a"\nexamples = [{ title = "x" }]', 5, "hits = true"),
        ('[[rule]]\nname = "a"\naction = "hold"\ntitle.word = "a"\n[[rule]]\nname = "a"\naction = "mute"\ntitle.word = "b"', 5, "two rules"),
        ("[[rules]]\n", 0, "Each rule begins with [[rule]]"),
        ("[[rule]\n", 0, "not valid TOML"),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_their_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        rules(tmp_path, text)
    assert says in str(caught.value)
    if line:
        assert caught.value.where.endswith(f":{line}"), caught.value.where


def test_no_file_means_no_rules(tmp_path: Path) -> None:
    assert read_rules(tmp_path / "rules.toml") == ()


@pytest.mark.parametrize(
    "pattern", ["(a+)+b", "(?=a)b", r"(a)\1", "a*b", "a{2,}b", "(ab){1,9}", "[", "a{1,40}b{1,40}c", "x" * 400, "(?i)a"]
)
def test_patterns_without_a_bound_are_refused(pattern: str) -> None:
    assert pattern_problem(pattern)


@pytest.mark.parametrize(
    "pattern", ["jack ?pot", r"\bwin(?:s|ner)?\b", "[a-z]{1,40} wins", r"\$\d{1,12}", "a|b|c", r"C\+\+", "[*+]"]
)
def test_bounded_patterns_are_taken(pattern: str) -> None:
    assert pattern_problem(pattern) is None


def test_the_worst_pattern_allowed_is_quick_on_a_hostile_text(tmp_path: Path) -> None:
    rule = one(tmp_path, 'body.regex = "a{1,20}a{1,20}b"')
    before = time.process_time()
    assert hit(rule, {"body": "a" * 1_000_000}) is None
    assert time.process_time() - before < 5


def test_holding_says_which_rule_and_what_it_hit(tmp_path: Path) -> None:
    made = scored()
    assert SCORER.published(made, before=None)[0]
    under = RuledScorer(
        SCORER, rules(tmp_path, '\n[[rule]]\nname = "no scans"\naction = "hold"\ntitle.phrase = "face scans"\n')
    )
    assert under.published(made, before=True) == (
        False,
        "held by rule 'no scans' (rules.toml, line 2): title: \"face scans\"",
    )
    assert under.flips(made) == ("without rule 'no scans' (rules.toml, line 2) (published then)",)
    assert under.holds(made) == ("by rule 'no scans' (rules.toml, line 2)",)


def test_including_publishes_what_is_weak_but_no_copy(tmp_path: Path) -> None:
    under = RuledScorer(SCORER, (one(tmp_path, 'title.word = "ferry"', 'action = "include"'),))
    weak = scored(title="Ferry", body="Short.", authors=())
    assert not SCORER.published(weak, before=None)[0]
    assert under.published(weak, before=None)[0]
    assert not under.published(replace(weak, duplicate_of="other"), before=None)[0]
    assert not under.published(replace(weak, lead=False), before=None)[0]


def test_muting_wins_over_including_and_does_not_lead(tmp_path: Path) -> None:
    both = rules(
        tmp_path,
        '[[rule]]\nname = "in"\naction = "include"\ntitle.word = "council"\n[[rule]]\nname = "out"\naction = "mute"\ntitle.word = "council"\n',
    )
    under = RuledScorer(SCORER, both)
    muted, other = scored(), scored(title="Face scans paused at the ferry terminal", authors=(), body="Short text.")
    assert not under.published(muted, before=None)[0]
    assert SCORER.lead(StoryView("s", (muted, other))) == muted.id
    assert under.lead(StoryView("s", (muted, other))) == other.id
    assert under.lead(StoryView("s", (muted,))) == muted.id


def test_boosts_are_one_more_term_and_tags_one_more_topic(tmp_path: Path) -> None:
    owned = rules(
        tmp_path,
        '[[rule]]\nname = "local"\naction = "boost"\npoints = 7\ntitle.word = "ferry"\n'
        '[[rule]]\nname = "less"\naction = "boost"\npoints = -3\nbody.word = "contract"\n'
        '[[rule]]\nname = "boats"\naction = "tag"\ntopics = ["Ferries"]\ntitle.word = "ferry"\n',
    )
    plain = scored()
    assert plain.quality is not None
    after = ruled(owned, plain)
    assert after.quality is not None and after.quality.total == plain.quality.total + 4
    assert after.quality.terms[-1].name == "rules" and "'local' +7" in after.quality.terms[-1].evidence
    assert [label.topic for label in after.topics or ()] == ["Surveillance", "Ferries"]
    assert ruled(owned, after) == after
    assert ruled((), after) == plain


def test_points_never_push_under_zero(tmp_path: Path) -> None:
    rule = one(tmp_path, 'title.word = "council"', 'action = "boost"\npoints = -100')
    assert RuledScorer(SCORER, (rule,)).quality(item()).total == 0


def test_examples_are_tried(tmp_path: Path) -> None:
    rule = one(
        tmp_path,
        'title.word = "jackpot"\nexamples = [{ title = "Jackpot!", hits = true }, { title = "Jackpot inquiry", hits = false }]',
    )
    (trial,) = try_rules((rule,))
    assert trial.examples == 2 and trial.wrong == ("hits 'Jackpot inquiry'",)


def test_include_publishes_nothing_without_a_topic_and_says_so(tmp_path: Path) -> None:
    under = RuledScorer(SCORER, (one(tmp_path, 'title.word = "council"', 'action = "include"'),))
    assert under.published(scored(), before=None)[0]
    published, why = under.published(replace(scored(), topics=()), before=None)
    assert not published and "once it has a topic" in why and "'it'" in why


def test_a_quality_that_a_person_set_is_not_boosted(tmp_path: Path) -> None:
    rule = one(tmp_path, 'title.word = "council"', 'action = "boost"\npoints = 9')
    decided = replace(scored(), quality=Score((Term(DECIDED, 80, "set by a person"),)))
    assert ruled((rule,), decided) == decided
