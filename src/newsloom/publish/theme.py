"""The portal's colours as a style sheet and an icon: files, never inline styles, so that a strict policy holds."""

from __future__ import annotations

import re
from collections.abc import Mapping

from newsloom.errors import ConfigError

_NAMES = ("accent", "background", "text")
# Hex, a name, or one colour function with plain arguments: nothing that could close the rule or load a file.
_COLOR = re.compile(
    r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})|[a-zA-Z]{3,30}|(?:rgb|rgba|hsl|hsla|hwb|lab|lch|oklab|oklch)\([0-9a-z.,%/ +-]{1,60}\)"
)
_DEFAULT_ACCENT = "#9b1c2e"


def theme_css(colors: Mapping[str, str]) -> str:
    """Return the style sheet for *colors*: accent, background, text, and each with `dark-` before it for the dark scheme.

    Raises:
        ConfigError: a name or a value is not one of a colour.
    """
    for name, value in colors.items():
        if name.removeprefix("dark-") not in _NAMES:
            raise ConfigError(
                f"there is no theme colour {name!r}",
                where="colors",
                hint=f"There are {', '.join(_NAMES)}, and each with dark- before it",
            )
        if not _COLOR.fullmatch(value.strip()):
            raise ConfigError(
                f"{value!r} is not a CSS colour",
                where=f"colors.{name}",
                hint="Write #rrggbb, a colour name or rgb()/hsl()/oklch()",
            )
    rules = [
        f"--{name if name.startswith('dark-') else 'light-' + name}:{value.strip()};" for name, value in colors.items()
    ]
    # A page colour chosen for daylight must not leak into the dark scheme, so each scheme has variables of its own.
    return ":root{" + "".join(rules) + "}\n" if rules else "/* this portal sets no colours of its own */\n"


def icon_svg(colors: Mapping[str, str]) -> str:
    """Return the portal's icon: two threads crossing, in the accent colour."""
    accent = colors.get("accent", _DEFAULT_ACCENT).strip()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="6" fill="{accent}"/>'
        '<g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round">'
        '<path d="M8 7v18M16 7v18M24 7v18" opacity=".55"/><path d="M5 11h6M13 11h14M5 21h14M21 21h6"/></g></svg>\n'
    )
