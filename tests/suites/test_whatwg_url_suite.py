"""The URL standard's own tests: no address is taken for another host, and what checks it agrees with what connects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from newsloom.adapters.http.gate import connector_address, read_target
from newsloom.errors import GateRefused
from shared_data import shared

FILES = ("urltestdata.json", "ada_extra_urltestdata.json", "ada_long_urltestdata.json", "urltestdata-javascript-only.json",
         "verifydnslength_tests.json")  # fmt: skip


def cases(name: str) -> Iterator[dict[str, Any]]:
    """Yield the cases of one file; comments stand between them."""
    for row in json.loads((shared("suites", "whatwg-url") / name).read_text("utf-8")):
        if isinstance(row, dict) and "input" in row:
            yield row


def hosts() -> Iterator[tuple[str, str | None]]:
    """Yield host names with what the standard makes of them: None where it refuses them."""
    for name in ("IdnaTestV2.json", "IdnaTestV2-removed.json", "toascii.json"):
        for row in cases(name):
            yield row["input"], row["output"]


def is_web(row: dict[str, Any]) -> bool:
    """Return whether the standard makes an http(s) address of *row*."""
    return not row.get("failure") and str(row.get("href", "")).startswith(("http://", "https://"))


@pytest.mark.parametrize("name", FILES)
def test_no_wrong_host_and_no_must_fail_passes(name: str) -> None:
    wrong = []
    for row in cases(name):
        base = row.get("base")
        try:
            target = read_target(row["input"], None if base == "about:blank" else base)
        except (GateRefused, UnicodeEncodeError):
            continue  # which of the rest are refused although they might pass, is counted below
        if (row.get("failure") and name != "verifydnslength_tests.json") or (
            is_web(row)
            and (
                target.host != row["hostname"].strip("[]").rstrip(".")
                or target.scheme + ":" != row["protocol"]
                or str(target.port) != (row["port"] or str({"http": 80, "https": 443}[target.scheme]))
            )
        ):
            wrong.append(row["input"])
    assert wrong == []


def test_what_the_standard_accepts_is_understood() -> None:
    told = [row for row in cases("urltestdata.json") if is_web(row)]
    refused = []
    for row in told:
        try:
            read_target(row["input"], None if row.get("base") == "about:blank" else row.get("base"))
        except GateRefused:
            refused.append(row["input"])
    assert refused == []
    assert len(told) > 200


def test_host_names_are_read_as_the_standard_reads_them() -> None:
    wrong = []
    for name, expected in hosts():
        if not name or set(name) & set("/\\?#@:%\t\n\r<>[]^|\x00 "):
            continue  # an address cannot carry it as a host
        try:
            host: str | None = read_target(f"http://{name}/").host
        except GateRefused:
            host = None
        if host != (expected.rstrip(".") if expected else None) and not (expected == "" and host is None):
            wrong.append((name, expected, host))
    assert wrong == []


def test_checker_and_connector_agree_on_all() -> None:
    agreed = 0
    texts = [(row["input"], row.get("base")) for name in FILES for row in cases(name)]
    texts += [(f"http://{name}/", None) for name, _ in hosts()]
    for text, base in texts:
        try:
            target = read_target(text, None if base == "about:blank" else base)
            address = connector_address(target)
        except (GateRefused, UnicodeEncodeError):
            continue
        agreed += 1
        # yarl leaves out the question mark of an empty query; nothing else may differ.
        assert str(address) in (target.href, target.href.removesuffix("?"))
        assert (address.scheme, address.port) == (target.scheme, target.port)
        assert (address.raw_host or "").rstrip(".") == target.host
    assert agreed > 1_500
