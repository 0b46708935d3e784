"""The owner's keys: 32 random bytes each, in a file of theirs or in the environment, never in the portal."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from newsloom.adapters.files.atomic import storage_error, write_atomic
from newsloom.errors import ConfigError

KEYS_VARIABLE = "NEWSLOOM_SECURED_KEYS"
OLD_KEY_VARIABLE = "NEWSLOOM_SECURED_OLD_KEY"
KEY_BYTES = 32
MAX_KEYS = 1000
_MAX_FILE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by id, never empty; `current` is the id of the one that seals. Its repr shows no key."""

    keys: Mapping[str, bytes]
    current: str

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self.keys)})"


def key_id(key: bytes) -> str:
    """Return the 8 hex digits that name *key* in a record; they tell nothing about it."""
    return hashlib.sha256(b"newsloom key id\x00" + key).hexdigest()[:8]


def read_keys(file: Path | None, environment: Mapping[str, str], *, portal: Path) -> KeyRing:
    """Return the keys in the variable NEWSLOOM_SECURED_KEYS, or else in *file*; the first one seals.

    Keys are base64, separated by blanks, commas or line ends; in a file, lines that start with `#` are comments.

    Raises:
        ConfigError: there are none, one is no key, or *file* lies in the folder *portal*, which is made to be shared.
    """
    if environment.get(KEYS_VARIABLE, "").strip():
        return _ring(environment[KEYS_VARIABLE].replace(",", " ").split(), KEYS_VARIABLE)
    if file is None:
        raise ConfigError(
            "there is no key",
            where="[secured] key_file",
            hint=f"Make one with `newsloom secure key FILE`, then name FILE there, or put its keys into {KEYS_VARIABLE}",
        )
    refuse_inside(file, portal)
    return _ring(_words(file), str(file))


def add_key(file: Path, *, portal: Path) -> str:
    """Put a fresh key at the top of *file* (made, for its owner's eyes only, when there is none); return its id.

    The keys below stay, so that what they sealed can still be read.

    Raises:
        ConfigError: *file* lies in the folder *portal*, or what it holds are no keys.
        StorageError: the disk did not take it.
    """
    refuse_inside(file, portal)
    before = b""
    if os.path.lexists(file):
        if words := _words(file):
            _ring(words, str(file))
        before = file.read_bytes()
    key = os.urandom(KEY_BYTES)
    line = base64.b64encode(key) + b"\n"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(file):
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise storage_error(error, file, "make the key file") from error
    write_atomic(file.resolve(), line + before)
    return key_id(key)


def refuse_inside(file: Path, portal: Path) -> None:
    """Raise ConfigError when *file* lies in the folder *portal*: what lies there is published or put into git sooner or later."""
    if file.resolve().is_relative_to(portal.resolve()):
        raise ConfigError(
            "keys do not belong into the portal's folder, which is made to be shared",
            where=str(file),
            hint="Keep them elsewhere, such as ~/.config/newsloom/keys",
        )


def is_readable_by_others(file: Path) -> bool:
    """Return True when accounts other than the owner's may read *file*."""
    with suppress(OSError):
        return bool(file.stat().st_mode & 0o077)
    return False


def read_old_key(text: str, *, where: str) -> bytes:
    """Return the AES key (16, 24 or 32 bytes) that *text* writes in hexadecimal digits or base64.

    Raises:
        ConfigError: it is no such key.
    """
    word = text.strip()
    for decode in (bytes.fromhex, lambda value: base64.b64decode(value, validate=True)):
        with suppress(ValueError, binascii.Error):
            key = decode(word)
            if len(key) in (16, 24, 32):
                return key
    raise ConfigError("this is no AES key", where=where, hint="16, 24 or 32 bytes in hexadecimal digits or base64")


def _words(file: Path) -> list[str]:
    try:
        with file.open("rb") as opened:
            data = opened.read(_MAX_FILE_BYTES + 1)
        text = data.decode("utf-8")
    except OSError as error:
        raise ConfigError(
            f"the keys cannot be read ({error.strerror})",
            where=str(file),
            hint="`newsloom secure key FILE` makes a file with one",
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError("this is no file of keys", where=str(file)) from error
    if len(data) > _MAX_FILE_BYTES:
        raise ConfigError("this is no file of keys: it is too large", where=str(file))
    return [word for line in text.splitlines() if not line.lstrip().startswith("#") for word in line.split()]


def _ring(words: list[str], where: str) -> KeyRing:
    keys: dict[str, bytes] = {}
    if len(words) > MAX_KEYS:
        raise ConfigError(f"there are more than {MAX_KEYS} keys", where=where)
    for number, word in enumerate(words, 1):
        try:
            key = base64.b64decode(word, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != KEY_BYTES:
            # The word itself is not shown: it may be a key with a typing error.
            raise ConfigError(
                f"number {number} is no key", where=where, hint=f"A key is {KEY_BYTES} bytes in base64, 44 characters"
            )
        keys.setdefault(key_id(key), key)
    if not keys:
        raise ConfigError("there is no key", where=where, hint="Make one with `newsloom secure key FILE`")
    return KeyRing(keys, next(iter(keys)))
