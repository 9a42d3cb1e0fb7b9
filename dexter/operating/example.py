"""The whole ``dexter.toml`` with its defaults and words, written from the model.

A line that begins with ``#`` and no space can stand as it is without the ``#``.
"""

import inspect
import json
from collections.abc import Iterator, Sequence
from datetime import time
from decimal import Decimal
from textwrap import wrap

from pydantic.fields import FieldInfo

from dexter.operating.kinds import Part
from dexter.operating.layout import fields, inner, is_list
from dexter.operating.model import Operating

_WIDE = 80
_HEAD = """
What the operator decides: dexter.toml in the home. Lines without a # are the defaults,
and what is left out keeps its default. Lines like #this are examples: take the # away
to have them.

Times are Indian time. Secrets never stand here: they belong to the environment.
`dexter config check` says whether the file can be used.
"""


def example() -> str:
    """A file to begin with; read back it gives the defaults."""
    lines = [*_said(_HEAD), *_tables(Operating, Operating(), ())]
    return "\n".join(lines) + "\n"


def written(value: object) -> str:
    """A value as the file spells it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, time):
        return f'"{value:%H:%M}"'
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False)
    if isinstance(value, Sequence):
        return f"[{', '.join(map(written, value))}]"
    return str(value)


def words(part: type[Part]) -> str:
    """What a part is."""
    return inspect.cleandoc(part.__doc__ or "")


def _tables(
    part: type[Part], value: Part | None, path: tuple[str, ...]
) -> Iterator[str]:
    """The tables that lie in a part."""
    for key, name, field in fields(part):
        held, place = inner(field), (*path, key)
        if held is None:
            continue
        yield ""
        if is_list(field):
            yield from _list(held, field, getattr(value, name, ()), place)
        else:
            yield from _table(held, getattr(value, name, None), place)


def _table(
    part: type[Part], value: Part | None, path: tuple[str, ...]
) -> Iterator[str]:
    """A table, commented out where there is none."""
    yield from _said(words(part))
    yield f"{_off(value is None)}[{'.'.join(path)}]"
    yield from _lines(part, value)
    yield from _tables(part, value, path)


def _list(
    part: type[Part], field: FieldInfo, held: Sequence[Part], path: tuple[str, ...]
) -> Iterator[str]:
    """One of a list with all it may say, commented out, and those there are."""
    head = f"[[{'.'.join(path)}]]"
    yield from _said(field.description or "")
    yield from _said(words(part))
    yield f"#{head}"
    yield from _lines(part, None)
    for one in held:
        yield ""
        yield head
        for key, name, _ in fields(part):
            value = getattr(one, name)
            if value is not None:
                yield f"{key} = {written(value)}"


def _lines(part: type[Part], value: Part | None) -> Iterator[str]:
    """The plain keys of a part, each below its words."""
    for key, name, field in fields(part):
        if inner(field):
            continue
        yield from _said(field.description or "")
        found = getattr(value, name, None)
        absent = found is None
        yield f"{_off(absent)}{key} = {written(_shown(field) if absent else found)}"


def _shown(field: FieldInfo) -> object:
    """What a key may hold that has no value: its example, else its default."""
    return field.examples[0] if field.examples else field.default


def _off(absent: bool) -> str:  # noqa: FBT001 - a mark, or none
    return "#" if absent else ""


def _said(text: str) -> Iterator[str]:
    for paragraph in text.strip().split("\n\n"):
        for line in wrap(" ".join(paragraph.split()), _WIDE - 2):
            yield f"# {line}"
