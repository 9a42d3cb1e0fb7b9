"""Payloads beside the shape that was recorded of them: what vanished, what is new.

``shapes.json`` holds the shapes. A field under ``key`` must be in every row and of its
kind, for nothing can be done with a row that lacks it. A field under ``required``
condemns a payload when most of its rows lack it or hold another kind; a few odd rows
stay as they are and are told by ``news``. ``optional`` fields may be absent, but must
be of their kind in most rows where they stand. ``known`` names are not new.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from rapidfuzz import fuzz, process, utils

from dexter.errors import SourceShapeError
from dexter.sources.kinds import any_of, sort_of
from dexter.sources.moments import written
from dexter.sources.payload import Record
from dexter.sources.text import shown

_ALIKE = 60.0
_MOST = 500  # new names looked at for a renamed field
_LATER = (", older", ", oldest")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a shape: its name, the kinds it may be, how much hangs on it."""

    name: str
    kinds: tuple[str, ...]
    key: bool = False
    needed: bool = False

    def fits(self, value: object) -> bool:
        """Whether a value is of one of the kinds."""
        return any_of(self.kinds)(value)


@dataclass(frozen=True, slots=True)
class Shape:
    """What was recorded of one dataset.

    ``open`` shapes hold more fields than anybody listed, so none of them is news.
    ``day`` is the field that says of which day a row is, and how it is written.
    """

    source: str
    what: str
    fields: tuple[Field, ...]
    known: frozenset[str]
    open: bool
    day: tuple[str, str] | None


@cache
def shapes() -> dict[str, Shape]:
    """Every recorded shape by the name of its dataset."""
    text = files("dexter.sources").joinpath("shapes.json").read_text("utf-8")
    return {name: _shape(entry) for name, entry in json.loads(text).items()}


def _shape(entry: Mapping[str, Any]) -> Shape:
    fields = tuple(
        Field(
            name,
            tuple(kinds.split(" | ")),
            key=part == "key",
            needed=part != "optional",
        )
        for part in ("key", "required", "optional")
        for name, kinds in entry.get(part, {}).items()
    )
    known = {field.name for field in fields} | set(entry.get("known", ()))
    day = entry.get("day")
    return Shape(
        source=entry["source"],
        what=entry["what"],
        fields=fields,
        known=frozenset(known),
        open=bool(entry.get("open")),
        day=(day[0], day[1]) if day else None,
    )


def shape_of(dataset: str, records: Sequence[Record]) -> Shape:
    """The shape of a dataset; of several recorded ones, that whose keys are there.

    Raises:
        KeyError: No such dataset.
    """
    recorded = shapes()
    first = records[0] if records else {}
    for later in ("", *_LATER):
        shape = recorded.get(dataset + later)
        if shape and all(not f.key or f.name in first for f in shape.fields):
            return shape
    return recorded[dataset]


def check(dataset: str, records: Sequence[Record]) -> None:
    """Compare rows with the recorded shape.

    Raises:
        SourceShapeError: A field vanished (or was renamed: the likeliest new name is
            said) or changed its kind; the sentence names the field.
    """
    shape = shape_of(dataset, records)
    for field in shape.fields:
        lacking = [n for n, row in enumerate(records, 1) if field.name not in row]
        if field.needed and _condemns(field, len(lacking), len(records)):
            raise SourceShapeError(
                shape.source, shape.what, _vanished(shape, field, records, lacking)
            )
    for field in shape.fields:
        odd = _odd(field, records)
        there = sum(field.name in row for row in records)
        if _condemns(field, len(odd), there):
            why = f"{_changed(field, records, odd[0])}, in {_rows(odd, len(records))}"
            raise SourceShapeError(shape.source, shape.what, why)


def check_day(dataset: str, records: Sequence[Record], day: date) -> None:
    """Refuse a file of another day than the one asked for.

    A few rows of other days are left to whoever reads them.

    Raises:
        SourceShapeError: Most rows say another day; shapes without a day pass.
    """
    shape = shape_of(dataset, records)
    if shape.day is None:
        return
    name, style = shape.day
    due = written(day, style).lower()
    said = [str(row.get(name, "")).strip() for row in records]
    others = [text for text in said if text.lower() != due]
    if 2 * len(others) >= len(said) and others:
        why = f"the file of {day} holds rows of {shown(others[0])}"
        raise SourceShapeError(shape.source, shape.what, why)


def news(dataset: str, records: Sequence[Record]) -> tuple[str, ...]:
    """What differs from the recorded shape without condemning the payload."""
    shape = shape_of(dataset, records)
    found = [] if shape.open else [f"{name} is new" for name in _new(shape, records)]
    for field in shape.fields:
        lacking = [n for n, row in enumerate(records, 1) if field.name not in row]
        if field.needed and lacking:
            found.append(f"{field.name} is not in {_rows(lacking, len(records))}")
        odd = _odd(field, records)
        if odd:
            changed = _changed(field, records, odd[0])
            found.append(f"{changed}, in {_rows(odd, len(records))}")
    return tuple(found)


def _condemns(field: Field, odd: int, of: int) -> bool:
    return bool(odd) and (field.key or 2 * odd >= of)


def _odd(field: Field, records: Sequence[Record]) -> list[int]:
    name, fits = field.name, any_of(field.kinds)
    return [
        number
        for number, row in enumerate(records, 1)
        if name in row and not fits(row[name])
    ]


def _new(shape: Shape, records: Sequence[Record]) -> list[str]:
    return sorted({name for row in records for name in row} - shape.known)


def _vanished(
    shape: Shape, field: Field, records: Sequence[Record], lacking: list[int]
) -> str:
    rows = _rows(lacking, len(records))
    likely = process.extractOne(
        field.name,
        sorted({name for n in lacking for name in records[n - 1]} - shape.known)[
            :_MOST
        ],
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        score_cutoff=_ALIKE,
    )
    renamed = f"; it may now be called {shown(likely[0])}" if likely else ""
    return f"{field.name} vanished from {rows}{renamed}"


def _changed(field: Field, records: Sequence[Record], row: int) -> str:
    value = records[row - 1][field.name]
    return f"{field.name} was {' or '.join(field.kinds)} and is {sort_of(value)}"


def _rows(odd: list[int], of: int) -> str:
    if len(odd) == of:
        return "every row"
    return f"row {odd[0]}" if len(odd) == 1 else f"{len(odd)} of {of} rows"
