"""Turning what YAML holds into what a key means, or saying in words why that cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import TypeVar

from newsloom.vocab.yaml12 import BlockText, Tree, is_null, truth

T = TypeVar("T")

_WHOLE = re.compile(r"[-+]?[0-9]{1,9}")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,9}(?:\.[0-9]{0,12})?(?:[eE]-[0-9]{1,3})?")
_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]*)?)?"
    r"[ \t]*(?:[Zz]|UTC|GMT|([-+])([0-9]{1,2})(?::?([0-9]{2}))?)?)?"
)


class WrongValue(ValueError):
    """A value is not of the kind its key needs. `key` is its place (`images[1].width`), `message` a sentence about it."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key
        self.message = message


def text(value: Tree, key: str) -> str | None:
    """Return *value* as text, None when it is null. Numbers, dates and booleans stay as they were typed."""
    if not isinstance(value, str):
        raise WrongValue(key, f"`{key}` must be text")
    if is_null(value):
        return None
    return value.rstrip("\n") if isinstance(value, BlockText) else str(value)


def whole(value: Tree, key: str, lowest: int) -> int | None:
    """Return *value* as a whole number of at least *lowest* and at most nine digits, None when it is null."""
    if is_null(value):
        return None
    if isinstance(value, str) and _WHOLE.fullmatch(value) and int(value) >= lowest:
        return int(value)
    raise WrongValue(key, f"`{key}` must be a whole number of {lowest} or more{_not(value)}")


def ratio(value: Tree, key: str) -> float:
    """Return *value* as a number in 0..1."""
    if isinstance(value, str) and _DECIMAL.fullmatch(value) and 0.0 <= float(value) <= 1.0:
        return float(value)
    raise WrongValue(key, f"`{key}` must be a number from 0 to 1{_not(value)}")


def boolean(value: Tree, key: str) -> bool | None:
    """Return *value* as a boolean, None when it is null. `yes` and `no` are text in YAML 1.2, so they are refused."""
    if is_null(value):
        return None
    if (found := truth(value)) is None:
        raise WrongValue(key, f"`{key}` must be true or false{_not(value)}")
    return found


def choice(value: Tree, key: str, choices: tuple[str, ...]) -> str | None:
    """Return *value* when it is one of *choices*, None when it is null."""
    found = text(value, key)
    if found is not None and found not in choices:
        raise WrongValue(key, f"`{key}` must be {' or '.join(choices)}{_not(value)}")
    return found


def instant(value: Tree, key: str) -> datetime | None:
    """Return *value* as an instant in UTC, to the second, None when it is null.

    A date alone stands for its first second; a time without zone is UTC; offsets are taken into account.
    """
    if is_null(value):
        return None
    match = _INSTANT.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        if match:
            year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
            sign, hours, minutes = match.groups()[6:]
            offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
            return datetime(year, month, day, hour, minute, second, tzinfo=timezone(offset)).astimezone(UTC)
    except (ValueError, OverflowError):  # the 31st of June, 25 o'clock, an offset of days, before the year 1
        pass
    raise WrongValue(key, f"`{key}` must be a moment like 2026-03-02T13:00:00Z{_not(value)}")


def required(value: T | None, key: str) -> T:
    """Return *value*, which must be there."""
    if value is None:
        raise WrongValue(key, f"the key `{key}` is missing, or empty")
    return value


def mapping(value: Tree, key: str) -> dict[str, Tree]:
    """Return *value* as a mapping, an empty one when it is null."""
    if isinstance(value, dict):
        return value
    if is_null(value):
        return {}
    raise WrongValue(key, f"`{key}` must be a mapping (`name: value` lines)")


def members(value: Tree, key: str, read: Callable[[Tree, str], T | None]) -> Iterator[T]:
    """Yield the members of the list *value* through *read*; empty ones are passed over, a lone text is a list of one."""
    if is_null(value):
        return
    if isinstance(value, dict):
        raise WrongValue(key, f"`{key}` must be a list (`- value` lines)")
    for number, member in enumerate([value] if isinstance(value, str) else value):
        if is_null(member):
            continue
        if (found := read(member, f"{key}[{number}]")) is not None:
            yield found


def instant_text(moment: datetime) -> str:
    """Return *moment* as the record writes it: UTC, to the second, `2026-03-02T13:00:00Z`."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _not(value: Tree) -> str:
    return f", not {value[:40]!r}" if isinstance(value, str) else ""
