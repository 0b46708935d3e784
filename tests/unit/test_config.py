"""newsloom.toml: what it may say, what it must not, and how the reader is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsloom.config import Settings, read_settings, site_options, source_headers
from newsloom.errors import ConfigError


def read(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "newsloom.toml"
    path.write_text(text, "utf-8")
    return read_settings(path)


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert caught.value.where.endswith("newsloom.toml")
    return caught.value.message


def test_an_empty_file_is_a_whole_portal(tmp_path: Path) -> None:
    assert read(tmp_path, "") == Settings()


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("[fetch]\ndelay = 1\n", "fetch.delay_seconds"),
        ("[site]\ntimezone = 'UTC'\n", "site.time_zone"),
        ("[fetsh]\n", "fetch"),
        ("[sources.'https://x.example/']\ncokie = 'a'\n", "cookie"),
        ("titel = 'x'\n", None),
    ],
)
def test_a_wrong_key_names_the_nearest_right_one(tmp_path: Path, text: str, nearest: str | None) -> None:
    message = refused(tmp_path, text)
    assert "there is no setting" in message
    assert (f"{nearest}'?" in message) if nearest else ("did you mean" in message or "there are:" in message)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[site]\ntime_zone = 'Mars/Olympus'\n", "no IANA time zone"),
        ("[site]\nurl = 'news.example'\n", "absolute http(s) address"),
        ("[site]\nurl = 'https://news.example/?x'\n", "absolute http(s) address"),
        ("[site]\nbase_path = '../up'\n", "base_path"),
        ("[site]\nlanguage = 'English'\n", "language tag"),
        ("[site.colors]\naccent = 'red;} body{display:none'\n", "no CSS colour"),
        ("[site.colors]\nborder = 'red'\n", "no theme colour"),
        ("[site]\nimages = 'big'\n", "images"),
        ("[site]\nthumbnail_pixels = 4000\n", "thumbnail_pixels"),
        ("[fetch]\ndelay_seconds = -1\n", "delay_seconds"),
        ("[stories]\nwindow_days = nan\n", "window_days"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(tmp_path: Path, text: str, said: str) -> None:
    assert said in refused(tmp_path, text)


def test_several_mistakes_are_told_at_once(tmp_path: Path) -> None:
    message = refused(tmp_path, "[site]\nimages = 'big'\nlanguage = 'English'\n[fetsh]\n")
    assert all(word in message for word in ("images", "language", "fetsh"))


def test_secrets_are_not_in_what_is_told(tmp_path: Path) -> None:
    for line in ("kookie = 'secret'", "cookie = ['secret']", "headers = 'secret'", "headers = {X = ['secret']}"):
        message = refused(tmp_path, f"[sources.'https://x.example/']\n{line}\n")
        assert "secret" not in message
        assert "x.example" in message


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSLOOM_SITE__TITLE", "Ours")
    monkeypatch.setenv("NEWSLOOM_FETCH__DELAY_SECONDS", "7.5")
    monkeypatch.setenv("NEWSLOOM_PORTAL", "/somewhere")
    settings = read(tmp_path, "[site]\ntitle = 'Theirs'\ndescription = 'kept'\n")
    assert (settings.site.title, settings.site.description, settings.fetch.delay_seconds) == ("Ours", "kept", 7.5)


def test_a_missing_file_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_settings(tmp_path / "newsloom.toml")
    assert "newsloom init" in caught.value.hint


def test_secrets_come_from_the_environment(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        "[sources.'https://a.example/feed']\ncookie = 'env:A_COOKIE'\nheaders = {X-Key = 'env:A_KEY'}\n"
        "[sources.'https://b.example/feed']\nuser = 'ann'\npassword = 'env:B_PASSWORD'\n",
    )
    environment = {"A_COOKIE": "c=1", "A_KEY": "k", "B_PASSWORD": "pass"}
    assert source_headers(settings, environment) == {
        "https://a.example/feed": {"X-Key": "k", "Cookie": "c=1"},
        "https://b.example/feed": {"Authorization": "Basic YW5uOnBhc3M="},
    }
    with pytest.raises(ConfigError, match="B_PASSWORD is not set") as caught:
        source_headers(settings, {"A_COOKIE": "", "A_KEY": ""})
    assert "b.example" in caught.value.where
    with pytest.raises(ConfigError, match="cannot be sent"):
        source_headers(settings, environment | {"A_COOKIE": "a\r\nHost: evil"})


def test_every_site_setting_reaches_the_site(tmp_path: Path) -> None:
    settings = read(
        tmp_path, "[site]\ntitle = 'T'\nbase_path = '/p/'\n[site.colors]\naccent = '#123456'\n[api]\npage_size = 7\n"
    )
    options = site_options(settings)
    assert (options.title, options.base_path, options.colors, options.api_page_size) == (
        "T",
        "/p",
        {"accent": "#123456"},
        7,
    )


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        table = field.annotation
        for key, setting in getattr(table, "model_fields", {}).items():
            assert re.search(r"\w.*[.?]$", setting.description or ""), f"{name}.{key}"


def test_a_wrong_variable_is_blamed_on_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "newsloom.toml"
    path.write_text("")
    monkeypatch.setenv("NEWSLOOM_SITE__TITEL", "x")
    with pytest.raises(ConfigError, match=r"did you mean 'site\.title'") as caught:
        read_settings(path)
    assert caught.value.where == "environment variable NEWSLOOM_SITE__TITEL"
    monkeypatch.delenv("NEWSLOOM_SITE__TITEL")
    path.write_text('[site]\ntitel = "x"\n')
    with pytest.raises(ConfigError) as caught:
        read_settings(path)
    assert caught.value.where == str(path)


def test_a_wrong_value_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "newsloom.toml"
    path.write_text('[site]\ntime_zone = "Europe/Atlantis"\n')
    with pytest.raises(ConfigError) as caught:
        read_settings(path)
    assert caught.value.message.count("Europe/Atlantis") == 1
