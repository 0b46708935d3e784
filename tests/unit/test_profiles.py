"""Profile files: what may be written in them, and what a wrong one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsloom.adapters.files.profiles import PACKAGED, read_profile
from newsloom.errors import ConfigError
from newsloom.stages.rank.rules import GATES, HEAT_RULES, QUALITY_RULES


def written(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", PACKAGED)
def test_packaged_profiles_are_read_and_state_every_parameter_they_use(name: str) -> None:
    profile = read_profile(name)
    assert profile.name == name
    assert profile.quality and profile.heat and profile.publish.parameters["threshold"] == 70


def test_every_rule_is_used_by_a_packaged_profile() -> None:
    profiles = [read_profile(name) for name in PACKAGED]
    assert {spec.rule for profile in profiles for spec in profile.quality} == set(QUALITY_RULES)
    assert {spec.rule for profile in profiles for spec in profile.heat} == set(HEAT_RULES) - {"floor"}
    assert {profile.publish.rule for profile in profiles} == set(GATES)


def test_a_portal_changes_a_weight_and_keeps_the_rest(tmp_path: Path) -> None:
    path = written(tmp_path, 'extends = "newsloom"\n[quality.source]\nat_most = 70\n[publish]\nthreshold = 80\n')
    own, base = read_profile(path), read_profile("newsloom")
    assert [spec.name for spec in own.quality] == [spec.name for spec in base.quality]
    assert own.quality[0].parameters == {"at_most": 70}
    assert own.publish.parameters == {**base.publish.parameters, "threshold": 80}
    assert own.heat == base.heat


def test_a_new_term_stands_before_the_floor(tmp_path: Path) -> None:
    path = written(tmp_path, 'extends = "newsloom"\n[quality.video]\nrule = "has_video"\npoints = 5\n')
    assert [spec.name for spec in read_profile(path).quality][-2:] == ["video", "floor"]


def test_settings_go_to_the_one_term_that_has_them() -> None:
    profile = read_profile(
        "origin", {"organisation_weight": 40, "root_topic": "Ferries", "official_url_patterns": ["://x/"]}
    )
    found = {spec.name: spec.parameters for spec in profile.quality}
    assert found["source"]["organisation_weight"] == 40
    assert found["topics"]["root_topic"] == "Ferries"


@pytest.mark.parametrize(
    ("text", "says", "hints"),
    [
        (
            'extends = "newsloom"\n[quality.a]\nrule = "source_standin"\n',
            "unknown rule 'source_standin'",
            "source_standing",
        ),
        ('extends = "newsloom"\n[quality.source]\nat_mots = 3\n', "no parameter 'at_mots'", "at_most"),
        ('extends = "newsloom"\n[quality.source]\nat_most = "3"\n', "must be a whole number", ""),
        ('extends = "newsloom"\n[quality.source]\nat_most = true\n', "must be a whole number", ""),
        ('extends = "newsloom"\n[publish]\ntopic_confidence = "high"\n', "must be a number", ""),
        ('extends = "origin"\n[quality.source]\nofficial_url_patterns = ["("]\n', "no regular expression", ""),
        ('extends = "origin"\n[quality.source]\nofficial_url_patterns = "x"\n', "must be a list of texts", ""),
        ('extends = "newslom"\n', "unknown profile 'newslom'", "newsloom"),
        ('extends = "newsloom"\n[qualiti.source]\nat_most = 3\n', "no key 'qualiti'", "quality"),
        ('extends = "newsloom"\n[publish]\nrule = "quality_gat"\n', "unknown rule 'quality_gat'", "quality_gate"),
        ('extends = "newsloom"\n[publish]\nlead_by = ["originalty"]\n', "no quality term 'originalty'", "originality"),
        ('extends = "newsloom"\n[publish]\nlead_step = 0\n', "over zero", ""),
        ('extends = "newsloom"\nquality = 3\n', "must be a table", ""),
        ("[quality.a]\npoints = 3\n", "names no rule", "has_image"),
        ("quality = [\n", "no TOML", ""),
        ("description = 'x'\n", "needs at least one [quality", "extends"),
    ],
)
def test_a_wrong_profile_is_told_what_is_wrong_and_the_nearest_right_name(
    tmp_path: Path, text: str, says: str, hints: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read_profile(written(tmp_path, text))
    assert says in caught.value.message
    assert hints in caught.value.hint


def test_a_missing_profile_names_the_packaged_ones(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such scoring profile"):
        read_profile(tmp_path / "none.toml")


def test_a_setting_that_no_rule_has_is_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        read_profile("origin", {"organization_weight": 40})
    assert "organisation_weight" in caught.value.hint


def test_a_setting_that_several_rules_have_is_refused() -> None:
    with pytest.raises(ConfigError, match="several terms"):
        read_profile("origin", {"points": 40})
