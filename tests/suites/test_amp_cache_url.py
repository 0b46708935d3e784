"""AMP cache addresses against the AMP project's own vectors, and against what a real portal published."""

from __future__ import annotations

import json
import re

import pytest

from newsloom.vocab import urls
from newsloom.vocab.amp import cache_subdomain, cdn_amp_url
from shared_data import shared

VECTORS = shared("suites", "amp-cache-url", "vectors.jsonl")


@pytest.mark.parametrize(
    "vector",
    [json.loads(line) for line in VECTORS.read_text("utf-8").splitlines() if line.strip()],
    ids=lambda v: v["url"],
)
def test_vector(vector: dict[str, str]) -> None:
    if vector["fn"] == "subdomain":
        assert cache_subdomain(urls.host(vector["url"])) == vector["expected"]
    else:
        serving = "viewer" if vector.get("serving") == "viewer" else "content"
        assert cdn_amp_url(vector["url"], vector["suffix"], serving=serving) == vector["expected"]


def test_every_pair_of_the_origin() -> None:
    pairs = []
    for path in [shared("origin", "example-record.md"), *sorted(shared("origin", "power-apps", "_news").iterdir())]:
        found = re.findall(r'ampWebUrl: "(.*)"\s+cdnAmpWebUrl: "(.*)"', path.read_text("utf-8"))
        pairs += found
    assert len(pairs) >= 13
    assert [(amp, cdn_amp_url(amp)) for amp, _ in pairs] == pairs
