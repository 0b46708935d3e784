"""The port Outlet, over every outlet: pure, lazy, no path twice, nothing but what the edition holds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from invented_edition import NOW, SITE, invented
from newsloom.model.portal import Edition, SiteOptions
from newsloom.publish.outlets import outlets

ALL = outlets(SITE, {})


@pytest.mark.parametrize("outlet", ALL, ids=lambda outlet: outlet.name)
class TestEveryOutlet:
    def test_same_edition_same_bytes(self, outlet: object) -> None:
        assert list(outlet.files(invented())) == list(outlet.files(invented()))  # type: ignore[attr-defined]

    def test_is_lazy(self, outlet: object) -> None:
        assert isinstance(outlet.files(invented()), Iterator)  # type: ignore[attr-defined]

    def test_empty_edition_is_no_error(self, outlet: object) -> None:
        for file in outlet.files(Edition((), (), (), SiteOptions(), NOW)):  # type: ignore[attr-defined]
            assert isinstance(file.body, bytes)


def test_names_and_paths_are_unique_across_outlets() -> None:
    assert len({outlet.name for outlet in ALL}) == len(ALL)
    paths = [file.path for outlet in ALL for file in outlet.files(invented())]
    assert len(paths) == len({path.casefold() for path in paths})
