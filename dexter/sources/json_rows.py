"""Rows of a JSON body, however the exchange wrapped them.

Pure: bytes in, rows out, nothing raised but ``SourceShapeError``. A body is refused
before it is parsed when it is larger, or holds more brackets, than any day of the
exchanges needs, so that hostile bytes cannot swallow memory.
"""

import json
import math
from collections.abc import Iterator, Mapping
from typing import cast

from dexter.errors import SourceShapeError
from dexter.sources.payload import Record
from dexter.sources.text import decoded, shown, storable

MOST_BYTES = 64_000_000
MOST_CONTAINERS = 1_000_000
MOST_VALUES = 5_000_000
_MOST_WRAPS = 2


def tree(source: str, what: str, content: bytes) -> object:
    """The JSON value of a body; a JSON string that holds JSON is opened too.

    Raises:
        SourceShapeError: Not JSON, or beyond the bounds.
    """
    if len(content) > MOST_BYTES:
        raise SourceShapeError(source, what, f"{len(content)} bytes are too many")
    value = _loaded(source, what, decoded(content))
    for _ in range(_MOST_WRAPS):
        if not (isinstance(value, str) and value.strip()[:1] in {"{", "["}):
            break
        value = _loaded(source, what, value)
    return value


def _loaded(source: str, what: str, text: str) -> object:
    containers = text.count("{") + text.count("[")
    if containers > MOST_CONTAINERS or text.count(",") > MOST_VALUES:
        raise SourceShapeError(source, what, "it is nested or long beyond belief")
    try:
        value = json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        why = f"it is no JSON ({type(error).__name__}), and begins {shown(text[:40])}"
        raise SourceShapeError(source, what, why) from None
    return _cleaned(value) if "\\u" in text else value


def _no_number(name: str) -> float:
    message = f"{name} is no number"
    raise ValueError(message)


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        message = "a number beyond all bounds"
        raise ValueError(message)
    return value


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {storable(key): _cleaned(item) for key, item in value.items()}
    return value


def rows(source: str, what: str, value: object) -> tuple[Record, ...]:
    """A list of objects as rows.

    Raises:
        SourceShapeError: No list, or something in it is no object (said by its place).
    """
    if not isinstance(value, list):
        why = f"a list of rows was due, and this came: {shown(value)}"
        raise SourceShapeError(source, what, why)
    for place, row in enumerate(value):
        if not isinstance(row, dict):
            why = f"row {place + 1} is no object but {shown(row)}"
            raise SourceShapeError(source, what, why)
    return tuple(cast("list[Record]", value))


def member(source: str, what: str, value: object, key: str) -> object:
    """What an object holds under a key.

    Raises:
        SourceShapeError: No object, or no such key; says the keys that are there.
    """
    if not isinstance(value, dict):
        why = f"an object with {key} was due, and this came: {shown(value)}"
        raise SourceShapeError(source, what, why)
    if key not in value:
        there = shown(sorted(map(str, value))[:8], 120)
        raise SourceShapeError(source, what, f"{key} vanished; there is {there}")
    return cast("object", value[key])


def number_of(source: str, what: str, value: object, key: str) -> int:
    """A count that an object holds under a key, written as a number or as digits.

    Raises:
        SourceShapeError: As ``member``, or no count.
    """
    count = member(source, what, value, key)
    if isinstance(count, str) and count.isdecimal() and len(count) <= len("999999999"):
        return int(count)
    if isinstance(count, int) and not isinstance(count, bool) and count >= 0:
        return count
    raise SourceShapeError(source, what, f"{key} is no count but {shown(count)}")


def rows_or_values(source: str, what: str, value: object) -> tuple[Record, ...]:
    """Rows given as a list, under ``data``, or as the values of an object.

    Raises:
        SourceShapeError: None of these.
    """
    if isinstance(value, dict):
        if "data" in value and "msg" not in value:
            return rows(source, what, value["data"])
        if value and all(isinstance(item, dict) for item in value.values()):
            return tuple(cast("Iterator[Record]", iter(value.values())))
    return rows(source, what, value)


def grouped(source: str, what: str, value: object, label: str) -> tuple[Record, ...]:
    """Rows of an object of lists, each row with the name of its list under ``label``.

    Raises:
        SourceShapeError: No object, or one of its values is no list of rows.
    """
    if not isinstance(value, Mapping) or not value:
        why = f"an object of lists was due, and this came: {shown(value)}"
        raise SourceShapeError(source, what, why)
    return tuple(
        {label: name, **row}
        for name, group in value.items()
        for row in rows(source, what, group)
    )
