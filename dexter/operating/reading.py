"""``dexter.toml`` of a home: read, checked, and refused in one sentence."""

import re
import stat
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from dexter.errors import OperatingError
from dexter.operating.fault import HINT, secret, unusable
from dexter.operating.hidden import hidden
from dexter.operating.model import Operating

FILE = "dexter.toml"
MOST_BYTES = 1_000_000
_WORDS = (
    (r"Cannot overwrite a value", "a key stands there twice"),
    (r"Cannot declare \(.*\) twice", "a table stands there twice"),
)
_ALL = "`dexter config check` lists all {} of them."


def read(home: Path) -> Operating:
    """What the operator decided; the defaults where there is no file.

    Raises:
        OperatingError: the file cannot be used, with the key path and what is due.
    """
    table = _table(home / FILE)
    found = list(_faults(home / FILE, table))
    if not found:
        return Operating.model_validate(table, by_alias=True, by_name=False)
    first = found[0]
    if len(found) > 1:
        first.hint = f"{first.hint} {_ALL.format(len(found))}".strip()
    raise first


def faults(home: Path) -> tuple[OperatingError, ...]:
    """Everything that is wrong with the file of a home, each in a sentence.

    Unknown keys come first: a key is often missing because it was misspelt.
    """
    path = home / FILE
    try:
        return tuple(_faults(path, _table(path)))
    except OperatingError as error:
        return (error,)


def _faults(path: Path, table: dict[str, Any]) -> Iterator[OperatingError]:
    try:
        secrets = list(hidden(table))
        if secrets:
            yield from (secret(path, one) for one in secrets)
            return
        Operating.model_validate(table, by_alias=True, by_name=False)
    except ValidationError as error:
        told = [one for one in error.errors(include_url=False) if _own(one)]
        told.sort(key=lambda one: one["type"] != "extra_forbidden")
        yield from (unusable(path, one, table) for one in told)
    except RecursionError:
        yield OperatingError(path, "", "it is nested too deeply", HINT)


def _own(found: ErrorDetails) -> bool:
    """Whether a fault is not just the shadow of another one."""
    return found["type"] != "default_factory_not_called"


def _table(path: Path) -> dict[str, Any]:
    text = _text(path)
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise OperatingError(
            path, "", f"it is not TOML: {_mild(error)}", HINT
        ) from error
    except RecursionError as error:
        raise OperatingError(path, "", "it is nested too deeply", HINT) from error
    except (ValueError, ArithmeticError) as error:
        why = "a number in it is too long or too large to be read"
        raise OperatingError(path, "", why, HINT) from error


def _mild(error: tomllib.TOMLDecodeError) -> str:
    """What the parser says, in words of the file."""
    said = str(error).rstrip(".")
    for theirs, ours in _WORDS:
        said = re.sub(theirs, ours, said)
    return f"{said[:1].lower()}{said[1:]}"


def _text(path: Path) -> str:
    """The file's text; empty where there is no file."""
    content = _bytes(path)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise OperatingError(path, "", "it is UTF-16; save it as UTF-8", HINT)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        why = f"it is not UTF-8 (line {line}); save it as UTF-8"
        raise OperatingError(path, "", why, HINT) from error


def _bytes(path: Path) -> bytes:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            what = "a folder" if stat.S_ISDIR(found.st_mode) else "no file of text"
            raise OperatingError(path, "", f"it is {what}", HINT)
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        if path.is_symlink():
            raise OperatingError(path, "", "it is a link to nothing", HINT) from error
        return b""
    except OSError as error:
        why = f"it cannot be read ({(error.strerror or str(error)).lower()})"
        hint = "Let the user that runs dexter read it."
        raise OperatingError(path, "", why, hint) from error
    if len(content) > MOST_BYTES:
        size = found.st_size / 1e6
        why = f"it has {size:.1f} MB, and {MOST_BYTES / 1e6:.0f} MB are the most"
        raise OperatingError(path, "", why, HINT)
    return content
