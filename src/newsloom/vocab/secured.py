"""The record's `secured` value: private fields in a public file (record format, sections 1 and 8).

Two forms. The origin's is `base64;base64`: AES-CBC ciphertext and its initialisation vector, without authentication. newsloom
reads it and never writes it. Its own says what it is:

    newsloom1;contact=3f9a2c1b:BASE64;note=3f9a2c1b:BASE64

after the version, each field by name, with the id of the key it is sealed with. Nothing here knows a key.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

from newsloom.errors import SecuredError

VERSION = "newsloom1"
MAX_VALUE_CHARACTERS = 160_000
"""Of the whole value. Front matter may have 256 KiB; the rest of the record must fit beside it."""

_FIELD = re.compile(r"[a-z][a-z0-9-]{0,31}")
_MEMBER = re.compile(rf"({_FIELD.pattern})=([0-9a-f]{{8}}):([A-Za-z0-9+/]+={{0,2}})")
_BLOCK_BYTES = 16


@dataclass(frozen=True, slots=True)
class SealedField:
    """One private field as it lies in the file: the id of its key (8 hex digits), and nonce, ciphertext and tag as one string."""

    key: str
    data: bytes


@dataclass(frozen=True, slots=True)
class LegacyValue:
    """A value of the origin: AES-CBC, so nobody can tell whether it was changed."""

    ciphertext: bytes
    vector: bytes


def is_field_name(name: str) -> bool:
    """Return True when *name* can name a private field: a letter a–z, then letters, digits and hyphens, at most 32 in all."""
    return _FIELD.fullmatch(name) is not None


def read_secured(value: str) -> dict[str, SealedField] | LegacyValue:
    """Return what the `secured` *value* of a record holds.

    Raises:
        SecuredError: it has neither form, or names a field twice.
    """
    version, *members = value.split(";")
    if version == VERSION:
        return _sealed(members)
    if len(members) == 1:
        return _legacy(version, members[0])
    raise SecuredError(
        "the secured value has no known form", hint="It is kept as it is; restore it from the record's history"
    )


def write_secured(fields: Mapping[str, SealedField]) -> str | None:
    """Return the value that holds *fields*, in order of name; None when there are none.

    Raises:
        SecuredError: together they are too long for a record.
    """
    if not fields:
        return None
    members = (f"{name}={sealed.key}:{_text(sealed.data)}" for name, sealed in sorted(fields.items()))
    value = ";".join((VERSION, *members))
    if len(value) > MAX_VALUE_CHARACTERS:
        raise SecuredError(
            "the private fields are too long for a record", hint="Keep long notes in a file of their own"
        )
    return value


def _sealed(members: list[str]) -> dict[str, SealedField]:
    fields: dict[str, SealedField] = {}
    for member in members:
        match = _MEMBER.fullmatch(member)
        data = _bytes(match[3]) if match else None
        # Base64 has several spellings of some bytes; only our own is taken, so that a changed value is a wrong value.
        if match is None or data is None or match[1] in fields or _text(data) != match[3]:
            raise SecuredError(
                "the secured value is damaged", hint="It is kept as it is; restore it from the record's history"
            )
        fields[match[1]] = SealedField(match[2], data)
    return fields


def _legacy(first: str, second: str) -> LegacyValue:
    parts = [_bytes(first), _bytes(second)]
    if parts[0] is not None and parts[1] is not None:
        ciphertext, vector = parts[0], parts[1]
        if len(vector) == _BLOCK_BYTES and ciphertext and len(ciphertext) % _BLOCK_BYTES == 0:
            return LegacyValue(ciphertext, vector)
    raise SecuredError("the secured value has no known form", hint="It is kept as it is")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
