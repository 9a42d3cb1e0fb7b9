"""How the parts of ``dexter.toml`` lie in each other, read off the model."""

from collections.abc import Iterator
from types import UnionType
from typing import get_args, get_origin

from pydantic.fields import FieldInfo

from dexter.operating.kinds import Part
from dexter.operating.place import Place


def fields(part: type[Part]) -> Iterator[tuple[str, str, FieldInfo]]:
    """The fields of a part: the key in the file, the name in the code, the rest."""
    for name, field in part.model_fields.items():
        yield field.serialization_alias or name, name, field


def keys(part: type[Part]) -> list[str]:
    """The keys of a part."""
    return [key for key, _, _ in fields(part)]


def inner(field: FieldInfo) -> type[Part] | None:
    """The part a field holds, once or as a list; null for a plain value."""
    for kind in _types(field.annotation):
        if isinstance(kind, type) and issubclass(kind, Part):
            return kind
    return None


def is_list(field: FieldInfo) -> bool:
    """Whether a field holds any number of something."""
    return get_origin(field.annotation) is tuple


def part_at(root: type[Part], place: Place) -> type[Part]:
    """The part that stands at a place below another."""
    part = root
    for step in place:
        held = {key: inner(field) for key, _, field in fields(part)}
        part = held.get(str(step)) or part
    return part


def every(root: type[Part], place: Place = ()) -> Iterator[Place]:
    """The place of every key there is, without the numbers of lists."""
    for key, _, field in fields(root):
        yield (*place, key)
        held = inner(field)
        if held:
            yield from every(held, (*place, key))


def _types(annotation: object) -> Iterator[object]:
    if get_origin(annotation) in {tuple, UnionType}:
        for held in get_args(annotation):
            yield from _types(held)
    else:
        yield annotation
