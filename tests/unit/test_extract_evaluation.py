"""`eval extract` on an invented folder whose figures are known beforehand."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from newsloom.errors import DataLayoutError, UsageError
from newsloom.evaluation.extract import evaluate_extract, is_same_excerpt, shingle_scores

PARAGRAPHS = (
    "The city council of Harborview voted eight to three on Monday to pause the use of face recognition by its police for two years.",
    "Council member Ada Quill, who wrote the measure, said that officers had run four thousand searches without telling the people concerned.",
    "The police chief, Tom Berg, said that the pause would slow the work of his detectives, and asked the council to look at it again.",
)


def page(title: str, date: str) -> bytes:
    data = {
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": date,
        "author": "Ann Doe, Bo Li",
        "keywords": "police, ferries",
    }
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return f"<html><title>{title}</title><script type='application/ld+json'>{json.dumps(data)}</script><body><article><h1>{title}</h1>{text}</article></body></html>".encode()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    body = "\n".join(PARAGRAPHS)
    rows = [
        {
            "id": "a",
            "url": "https://e.example/a",
            "articleBody": body,
            "title": "Face scans: paused!",
            "datePublished": "2026-03-02 13:00:00-05:00",
            "authors": ["Bo Li", "Ann Doe"],
            "keywords": ["Police"],
        },
        {
            "id": "b",
            "url": "https://e.example/b",
            "articleBody": body,
            "title": "Another one",
            "datePublished": "2026-03-01",
        },
        {"id": "c", "url": "https://e.example/c", "articleBody": body, "title": "Empty"},
    ]
    (tmp_path / "truth.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (tmp_path / "pages" / "a.html.gz").write_bytes(gzip.compress(page("Face scans paused", "2026-03-02T18:00:30Z")))
    (tmp_path / "pages" / "b.html").write_bytes(page("Ferries run late", "2026-03-02T12:00:00Z"))
    (tmp_path / "pages" / "c.html").write_bytes(b"%PDF-")
    return tmp_path


def test_known_figures(data: Path) -> None:
    result = evaluate_extract(data)
    assert (result["pages"], result["failures"]) == (3, 1)
    assert result["failed_pages"] == [{"id": "c", "reason": "this is no HTML page"}]
    assert result["title_accuracy"] == pytest.approx(1 / 3)
    assert result["date_accuracy"] == 0.5
    assert result["instant_accuracy"] == 1.0
    assert result["authors_accuracy"] == 1.0
    assert result["keywords_f1"] == pytest.approx(2 / 3)
    assert result["site_name_accuracy"] is None and result["excerpt_accuracy"] is None
    assert result["body_recall"] == pytest.approx(2 / 3, abs=0.01)
    json.dumps(result)


def test_the_peer_is_scored_on_the_same_pages(data: Path) -> None:
    result = evaluate_extract(data, peer="trafilatura", limit=2)
    assert result["peer"]["pages"] == result["pages"] == 2
    assert result["peer"]["instant_accuracy"] == 0.0
    assert result["difference_to_peer"]["instant_accuracy"] == {"difference": 1.0, "low": 1.0, "high": 1.0}
    body = result["difference_to_peer"]["body_f1"]
    assert body["low"] <= body["difference"] <= body["high"]
    assert result["speed_ratio"] > 0
    assert result["peak_memory_mb"] > 0
    assert result["peer"]["peak_memory_mb"] > 0


def test_several_sets_are_measured_as_one(data: Path) -> None:
    result = evaluate_extract([data, data], limit=2)
    assert result["pages"] == 4
    assert result["data"] == [data.name, data.name]
    assert result["sets"][data.name]["pages"] == 2
    assert result["body_f1"] == pytest.approx(result["sets"][data.name]["body_f1"])


def test_wrong_layouts_and_peers_are_named(tmp_path: Path, data: Path) -> None:
    with pytest.raises(DataLayoutError, match="truth"):
        evaluate_extract(tmp_path / "nothing")
    with pytest.raises(UsageError, match="nobody"):
        evaluate_extract(data, peer="nobody")
    with (data / "truth.jsonl").open("a") as lines:
        lines.write("{}\n")
    with pytest.raises(DataLayoutError, match="line 4"):
        evaluate_extract(data)


def test_shingles() -> None:
    assert shingle_scores("a b c d e", "a b c d e") == (1.0, 1.0)
    assert shingle_scores("a b c d e", "a b c d") == (1.0, 0.5)
    assert shingle_scores("a b", "") == (0.0, 0.0)
    assert shingle_scores("caf\u00e9 au lait frais", "cafe\u0301 au la\u00adit frais") == (1.0, 1.0)


def test_an_excerpt_cut_short_is_the_same_excerpt() -> None:
    long = "word " * 100
    assert is_same_excerpt("Two Words.", "two words")
    assert is_same_excerpt(long, long[:149] + "…")
    assert not is_same_excerpt(long, "word word")
