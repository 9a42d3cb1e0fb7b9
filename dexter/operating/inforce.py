"""What is in force, key by key, and where each was said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from dexter.operating.kinds import Part
from dexter.operating.layout import fields, inner, is_list
from dexter.operating.model import Operating
from dexter.operating.place import Place, told


class Origin(StrEnum):
    """Where something was said."""

    DEFAULT = "default"
    FILE = "dexter.toml"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Said:
    """A key, what is in force there, and who said so.

    ``value`` is a plain value, a table (of a rule or recipient), or null for none.
    """

    key: str
    value: object
    origin: Origin


def in_force(operating: Operating, over: Mapping[str, Said]) -> tuple[Said, ...]:
    """Every key there is.

    Args:
        operating: The file as read.
        over: What is in force instead, by key: the environment's word.
    """
    return tuple(over.get(one.key, one) for one in _part(operating, ()))


def _part(part: Part, place: Place) -> Iterator[Said]:
    for key, name, field in fields(type(part)):
        value, here = getattr(part, name), (*place, key)
        given = name in part.model_fields_set
        origin = Origin.FILE if given else Origin.DEFAULT
        if isinstance(value, Part):
            yield from _part(value, here)
        elif inner(field) and is_list(field) and value:
            for number, one in enumerate(value):
                yield Said(told((*here, number)), _plain(one), origin)
        else:
            yield Said(told(here), value, origin)


def _plain(part: Part) -> dict[str, object]:
    """The keys of a rule or recipient that say something."""
    return part.model_dump(by_alias=True, exclude_none=True)
