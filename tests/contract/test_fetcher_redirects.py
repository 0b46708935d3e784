"""Where the real Fetcher lets itself be sent: redirects, the secrets it carries, the addresses behind names."""

from __future__ import annotations

import itertools

import aiohttp
import pytest

from fetcher_on_loopback import fetcher, loopback_site, run
from newsloom.adapters.http.gate import GateOptions
from newsloom.model.page import FetchedPage, FetchFailure, FetchRequest, NotModified


def test_robots_txt_redirects_are_followed_five_times() -> None:
    async def check() -> None:
        for hops, allowed in ((5, False), (6, True)):
            async with loopback_site() as site, fetcher() as subject:
                names = ["/robots.txt", *(f"/r{number}" for number in range(1, hops + 1))]
                for here, there in itertools.pairwise(names):
                    site.answer(here, status=302, headers={"Location": there})
                site.answer(names[-1], text="User-agent: *\nDisallow: /")
                site.answer("/a", body=b"x")
                assert isinstance(await subject.fetch(FetchRequest(site.base + "/a")), FetchedPage) is allowed

    run(check())


def test_redirects_are_counted_and_permanent_ones_reported() -> None:
    async def check() -> None:
        async with loopback_site() as site, fetcher(max_redirects=3) as subject:
            site.answer("/moved", status=301, headers={"Location": "/moved2"})
            site.answer("/moved2", status=308, headers={"Location": "/end#fragment"})
            site.answer("/found", status=302, headers={"Location": "/moved"})
            site.answer("/loop", status=302, headers={"Location": "/loop", "Set-Cookie": "a=b"})
            site.answer("/end", body=b"x")
            permanent = await subject.fetch(FetchRequest(site.base + "/moved"))
            assert isinstance(permanent, FetchedPage)
            assert permanent.permanent_url == permanent.final_url == site.base + "/end"
            site.answer("/current", status=304)
            site.answer("/moved3", status=301, headers={"Location": "/current"})
            unchanged = await subject.fetch(FetchRequest(site.base + "/moved3", etag='"x"'))
            assert isinstance(unchanged, NotModified)
            assert unchanged.permanent_url == site.base + "/current"
            mixed = await subject.fetch(FetchRequest(site.base + "/found"))
            assert isinstance(mixed, FetchedPage)
            assert (mixed.permanent_url, mixed.final_url) == (None, site.base + "/end")
            loop = await subject.fetch(FetchRequest(site.base + "/loop"))
            assert isinstance(loop, FetchFailure)
            assert loop.kind == "redirects"
            assert site.paths().count("/loop") == 4

    run(check())


@pytest.mark.parametrize(
    "location", ["http://169.254.169.254/x", "//10.0.0.1/", "file:///etc/passwd", "http://localhost:1/"]
)
def test_redirects_pass_the_gate_again(location: str) -> None:
    async def check() -> None:
        async with loopback_site() as site, fetcher() as subject:
            site.answer("/a", status=302, headers={"Location": location})
            outcome = await subject.fetch(FetchRequest(site.base + "/a"))
            assert isinstance(outcome, FetchFailure)
            assert outcome.kind == "refused_by_gate"

    run(check())


def test_secrets_stay_with_their_host() -> None:
    async def check() -> None:
        async with loopback_site() as mine, loopback_site() as other, fetcher() as subject:
            mine.answer("/a", status=302, headers={"Location": "/b"})
            mine.answer("/b", status=302, headers={"Location": other.base + "/c"})
            other.answer("/c", body=b"x")
            address = mine.base.replace("//", "//user:p%40ss@") + "/a"
            outcome = await subject.fetch(FetchRequest(address, headers={"Cookie": "s=1", "X-Key": "k"}))
            assert isinstance(outcome, FetchedPage)
            for request in mine.asked:
                if request.path != "/robots.txt":
                    assert request.headers["Cookie"] == "s=1"
                    assert request.headers["Authorization"] == "Basic dXNlcjpwQHNz"
            for request in other.asked:
                assert not {"Cookie", "X-Key", "Authorization"} & set(request.headers)
            assert all(request.headers["User-Agent"].startswith("newsloom/") for request in mine.asked + other.asked)

    run(check())


@pytest.mark.parametrize(
    ("scheme", "location", "told"),
    [
        ("http", "http://mine.example/b", True),
        ("http", "https://mine.example/b", True),
        ("https", "https://mine.example/b", True),
        ("https", "http://mine.example/b", False),
        ("http", "http://mine.example:8080/b", False),
        ("https", "https://mine.example:8443/b", False),
        ("http", "http://other.example/b", False),
    ],
)
def test_secrets_stay_with_their_origin(
    scheme: str, location: str, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check() -> None:
        async with loopback_site() as site:
            where = site.base.removeprefix("http://")
            gate = GateOptions(allow=(where,), hosts={"mine.example": where, "other.example": where})
            async with fetcher(gate=gate, obey_robots=False) as subject:
                site.answer("/a", status=302, headers={"Location": location})
                site.answer("/b", body=b"x")
                outcome = await subject.fetch(FetchRequest(f"{scheme}://ann:pw@mine.example/a", headers={"X-Key": "k"}))
                assert isinstance(outcome, FetchedPage), outcome
                assert [set(request.headers) >= {"X-Key", "Authorization"} for request in site.asked] == [True, told]
                assert [bool(set(request.headers) & {"X-Key", "Authorization"}) for request in site.asked] == [
                    True,
                    told,
                ]

    # The site has no certificate: what is asked for over TLS is dialled without.
    dial = aiohttp.ClientSession.request
    monkeypatch.setattr(
        aiohttp.ClientSession,
        "request",
        lambda self, method, url, **more: dial(self, method, url.with_scheme("http"), **more),
    )
    run(check())


def test_names_can_be_pinned_but_not_to_private_addresses_unless_allowed() -> None:
    async def check() -> None:
        async with loopback_site() as site:
            site.answer("/a", body=b"x")
            where = site.base.removeprefix("http://")
            pinned = {"harborpost.example": where}
            async with fetcher(gate=GateOptions(allow=("127.0.0.1",), hosts=pinned)) as subject:
                page = await subject.fetch(FetchRequest("http://harborpost.example/a"))
                assert isinstance(page, FetchedPage)
                assert site.asked[-1].headers["Host"] == "harborpost.example"
            async with fetcher(gate=GateOptions(allow=("harborpost.example:80",), hosts=pinned)) as subject:
                assert isinstance(await subject.fetch(FetchRequest("http://harborpost.example/a")), FetchedPage)
            count = len(site.asked)
            async with fetcher(gate=GateOptions(hosts=pinned)) as subject:
                refused = await subject.fetch(FetchRequest("http://harborpost.example/a"))
                assert isinstance(refused, FetchFailure)
                assert refused.kind == "refused_by_gate"
            assert len(site.asked) == count

    run(check())
