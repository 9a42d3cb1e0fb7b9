"""The page reader: a model that sees a page, holds no tools, and copies its tables.

It is quarantined: what is printed on the page can at worst spoil the copy, and the
copy decides nothing. Code holds it against the identities and against OCR.
"""

import re
from typing import Annotated

from pydantic import StringConstraints

from dexter.agents.spec import AgentSpec, Reply, ask, parsed, request_for
from dexter.domain.briefs import PageBrief
from dexter.domain.conversation import ModelReply
from dexter.errors import ModelReplyError
from dexter.ports import LanguageModel

_LABEL = 300
_CELL = 40
_MOST_ROWS = 150
_MOST_COLUMNS = 14
_MOST_TABLES = 4
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
# What a cell may hold: a figure, a dash, n.a., a digit nobody could read.
_CELL_TEXT = re.compile(
    r"[\s\d.,()\[\]*#^@$?₹%–—−-]*|rs\.?\s*[\d.,() -]+|n\.?\s*/?[am]\.?|nil",
    re.IGNORECASE,
)


def _closed(properties: dict[str, object]) -> dict[str, object]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


SPEC = AgentSpec(
    name="page_reader",
    prompt="page_reader",
    output_schema=_closed(
        {
            "tables": {
                "type": "array",
                "items": _closed(
                    {
                        "title": _TEXTS,
                        "unit": _TEXT,
                        "basis": _TEXT,
                        "columns": _TEXTS,
                        "rows": {
                            "type": "array",
                            "items": _closed({"label": _TEXT, "cells": _TEXTS}),
                        },
                    }
                ),
            },
            "instructions": _TEXTS,
        }
    ),
    max_output_tokens=8000,
)

Short = Annotated[str, StringConstraints(max_length=_CELL)]
Words = Annotated[str, StringConstraints(max_length=_LABEL)]


class CopiedRow(Reply):
    """One printed line: its words, and a text for every column."""

    label: Words = ""
    cells: tuple[Short, ...] = ()


class CopiedTable(Reply):
    """One results table as a model copied it."""

    title: tuple[Words, ...] = ()
    unit: Words = ""
    basis: Words = ""
    columns: tuple[Words, ...] = ()
    rows: tuple[CopiedRow, ...] = ()


class Copy(Reply):
    """A page's results tables; ``instructions`` quotes words that address an AI."""

    tables: tuple[CopiedTable, ...] = ()
    instructions: tuple[str, ...] = ()


async def copy_page(model: LanguageModel, brief: PageBrief) -> Copy:
    """A page's tables as a model copies them; what does not fit goes back once.

    Raises:
        ModelError: no usable copy.
        BudgetError: looking could pass a ceiling.
    """
    count = len(brief.images)
    pictures = "one picture" if count == 1 else f"{count} pictures, top to bottom"
    values = {"page": str(brief.page), "pictures": pictures}
    return await ask(model, request_for(SPEC, brief, values), _checked)


def _checked(reply: ModelReply) -> Copy:
    copy = parsed(reply, Copy)
    problems = [
        f"table {number}: {problem}"
        for number, table in enumerate(copy.tables, 1)
        for problem in _problems(table)
    ]
    if len(copy.tables) > _MOST_TABLES:
        problems.append(f"no more than {_MOST_TABLES} tables")
    if problems:
        raise ModelReplyError.misshapen(problems[:8])
    return copy


def _problems(table: CopiedTable) -> list[str]:
    count = len(table.columns)
    if not 1 < count <= _MOST_COLUMNS or len(table.rows) > _MOST_ROWS:
        return [f"2 to {_MOST_COLUMNS} columns and at most {_MOST_ROWS} rows"]
    found = []
    for number, row in enumerate(table.rows, 1):
        if row.cells and len(row.cells) != count:
            found.append(f"row {number} has {len(row.cells)} cells, not {count}")
        odd = [one for one in row.cells if not _CELL_TEXT.fullmatch(one.strip())]
        if odd:
            found.append(f"row {number}: {odd[0][:20]!r} is not a figure as printed")
    return found
