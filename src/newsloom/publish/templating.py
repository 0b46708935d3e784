"""Templates: newsloom's own, and the owner's that stand before them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    DictLoader,
    Environment,
    PrefixLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from newsloom.errors import ConfigError


@cache
def _own_files(folder: str) -> Mapping[str, str]:
    found = files(__package__).joinpath(folder)
    return {f.name: f.read_text(encoding="utf-8") for f in sorted(found.iterdir(), key=lambda f: f.name) if f.is_file()}


def static_files() -> Mapping[str, str]:
    """Return newsloom's style sheet and script, name → text."""
    return _own_files("static")


class Templates:
    """Renders pages.

    An owner's template of a name stands before newsloom's; it can extend newsloom's as `newsloom/<name>`. Owners' templates
    run in Jinja's sandbox: a portal may have been cloned from somebody else.

    Args:
        overrides: the owner's templates, name → text.
        common: what every template can use.
    """

    def __init__(self, overrides: Mapping[str, str], common: Mapping[str, object]) -> None:
        own = DictLoader(_own_files("templates"))
        loaders: list[BaseLoader] = [DictLoader(overrides), own, PrefixLoader({"newsloom": own})]
        kind: type[Environment] = ImmutableSandboxedEnvironment if overrides else Environment
        self._environment = kind(
            loader=ChoiceLoader(loaders), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
            keep_trailing_newline=True, auto_reload=False, cache_size=-1,
        )  # fmt: skip
        self._environment.globals.update(common)
        self._overrides = frozenset(overrides)

    def render(self, name: str, **values: object) -> bytes:
        """Return the page that template *name* makes of *values*. Raises ConfigError as `fragment` does."""
        return self.fragment(name, **values).encode("utf-8", "replace")

    def fragment(self, name: str, **values: object) -> Markup:
        """Return the piece of HTML that template *name* makes of *values*.

        Raises:
            ConfigError: a template of the owner's is wrong.
        """
        try:
            template: Template = self._environment.get_template(name)
            return Markup(template.render(values))
        except (
            TemplateError,
            TypeError,
            ValueError,
            ArithmeticError,
            LookupError,
            AttributeError,
            RecursionError,
        ) as error:
            if not self._overrides:
                raise
            line = f" (line {error.lineno})" if isinstance(error, TemplateSyntaxError) else ""
            culprit = error.name if isinstance(error, TemplateSyntaxError) and error.name else name
            raise ConfigError(f"the template does not work: {error}{line}", where=f"templates/{culprit}") from error
