"""What the readers of declaration files (topics, providers) have in common."""

from __future__ import annotations

from pathlib import Path

from newsloom.errors import ConfigError
from newsloom.model.record import Image
from newsloom.vocab.typed_values import mapping, required, text, whole
from newsloom.vocab.yaml12 import Tree


def read_declaration(path: Path, max_bytes: int, *, hint: str) -> str:
    """Return the text of *path*, line ends as `\\n`, without a byte order mark.

    Raises:
        ConfigError: it cannot be read, is larger than *max_bytes* or no UTF-8; `where` is `file:1`, with *hint*.
    """

    def wrong(message: str) -> ConfigError:
        return ConfigError(message, where=f"{path}:1", hint=hint)

    try:
        if path.stat().st_size > max_bytes:
            raise wrong(f"larger than {max_bytes // 1024} KiB")
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise wrong("not UTF-8 text") from error
    except OSError as error:
        raise wrong(f"cannot be read ({error.strerror})") from error
    return content.replace("\r\n", "\n")


def read_image(value: Tree, key: str) -> Image:
    """Return the picture that the mapping *value* describes; its size only where width and height are both told.

    Raises:
        WrongValue: it has no url, or a side is no whole number over zero.
    """
    fields = mapping(value, key)
    url = text(fields["url"], f"{key}.url") if "url" in fields else None
    width, height = (
        whole(fields[side], f"{key}.{side}", 1) if side in fields else None for side in ("width", "height")
    )
    return Image(required(url or None, f"{key}.url"), width if height else None, height if width else None)
