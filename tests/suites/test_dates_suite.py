"""Every date of the shared suite whose instant is known is read so, and none that is invalid is read as something else."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from newsloom.vocab.dates import parse_instant
from shared_data import shared


def test_dates_suite() -> None:
    rows = [json.loads(line) for line in (shared("suites", "dates") / "dates.jsonl").read_text("utf-8").splitlines()]
    wrong = []
    for row in rows:
        moment = parse_instant(row["input"])
        if row["utc"]:
            if moment is None or moment.instant != datetime(*row["utc"][:6], tzinfo=UTC):
                wrong.append((row["input"], moment))
        elif row["invalid"] and moment is not None:
            wrong.append((row["input"], moment))
    assert rows
    assert not wrong
