"""Tables of cues: what is found, in which order, and how sure several make us together."""

from __future__ import annotations

import re

import pytest

from newsloom.stages.rank.cues import combined, cue_table, cues_in

TABLE = cue_table((("loud", 0.5, r"!"), ("lamp", 0.2, r"\blamps?\b"), ("pier", 0.9, r"\bpier\b")))


def test_cues_come_in_the_tables_order_and_once_each() -> None:
    assert [cue.name for cue in cues_in("The lamp! The other lamp!", TABLE)] == ["loud", "lamp"]
    assert cues_in("A quiet day", TABLE) == []


def test_flags_count_for_every_row() -> None:
    assert cues_in("LAMP", TABLE) == []
    (cue,) = cues_in("LAMP", cue_table((("lamp", 0.2, "lamp"),), re.IGNORECASE))
    assert (cue.name, cue.weight) == ("lamp", 0.2)


def test_cues_combine_as_independent_evidence() -> None:
    assert combined([]) == 0.0
    assert combined([0.5]) == 0.5
    assert combined([0.5, 0.2]) == pytest.approx(0.6)
    assert combined([0.5, 1.0]) == 1.0
