"""A second reader that looks: pages OCR could not settle, shown to a vision model.

Only where a person asks for it by name. The model holds no tools, its copy is typed,
and code judges the copy: :mod:`dexter.extraction.copies.copied` says by which rules.
"""

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass

from rapidfuzz import fuzz

from dexter.agents.page_reader import CopiedTable, Copy, copy_page
from dexter.domain.briefs import PageBrief
from dexter.errors import (
    BudgetError,
    ComputeError,
    DocumentError,
    ModelError,
    ModelKeyError,
)
from dexter.extraction.copies.copied import statements_of
from dexter.extraction.copies.look import Look, look
from dexter.extraction.copies.second_opinion import Opinion, mended, pages_in_doubt
from dexter.extraction.copies.transcript import CopyRow, CopyTable
from dexter.extraction.guard import instructions
from dexter.extraction.result import Extraction
from dexter.ports import Compute, LanguageModel

_PRINTED_THERE = 80.0
_MOST_FLAGS = 10
_LONGEST_FLAG = 300


@dataclass(frozen=True, slots=True)
class Paper:
    """A file: what to call it, and its bytes."""

    name: str
    content: bytes


async def read_pages(
    paper: Paper, extraction: Extraction, model: LanguageModel, compute: Compute
) -> Extraction:
    """A file's reading, its pages in doubt looked at by a model.

    A page the model could not settle stays in review and says why.

    Args:
        paper: the file.
        extraction: how it was read without the model.
        model: one that can look at pictures.
        compute: where pages are drawn and OCR looks at them.

    Raises:
        ModelKeyError: the provider wants another key.
    """
    pages = pages_in_doubt(extraction)
    looks = {page: _asked(compute, paper, page) for page in pages}
    opinions = []
    spent: str | None = None
    for page, coming in looks.items():
        opinion = await _opinion(extraction.sha256, page, coming, (model, spent))
        spent = spent or (opinion.reason if opinion.over_budget else None)
        if opinion.asked or extraction.statements:
            opinions.append(opinion)
    return mended(extraction, opinions) if opinions else extraction


def _asked(compute: Compute, paper: Paper, page: int) -> Future[Look]:
    return compute.submit(look, paper.name, paper.content, page)


async def _opinion(
    sha256: str,
    page: int,
    coming: Future[Look],
    asking: tuple[LanguageModel, str | None],
) -> Opinion:
    model, spent = asking
    try:
        seen = await asyncio.wrap_future(coming)
    except (DocumentError, ComputeError) as error:
        return Opinion(page, reason=_lower(error.sentence), asked=False)
    if not seen.may_hold_statement:
        why = "OCR sees too few figures on it to hold a vision model's copy against"
        return Opinion(page, reason=why, asked=False)
    if spent is not None:
        return Opinion(page, reason=spent)
    try:
        copy = await copy_page(model, PageBrief(sha256, page, seen.images))
    except ModelKeyError:
        raise
    except BudgetError as error:
        why = f"the vision model was not asked: {_lower(error.sentence)}"
        return Opinion(page, reason=why, over_budget=True)
    except ModelError as error:
        why = f"the vision model gave no copy: {_lower(error.sentence)}"
        return Opinion(page, reason=why)
    return opinion_of(copy, seen)


def opinion_of(copy: Copy, seen: Look) -> Opinion:
    """What a model's copy of a page comes to once code has judged it."""
    statements = tuple(
        statement
        for table in copy.tables
        for statement in statements_of(_table(table), seen)
    )
    none = "the vision model's copy holds no results statement"
    return Opinion(
        seen.page,
        statements,
        reason=None if statements else none,
        flags=_flags(copy, seen),
    )


def _table(copied: CopiedTable) -> CopyTable:
    heading = (*copied.title, copied.basis, copied.unit)
    rows = tuple(CopyRow(row.label, row.cells) for row in copied.rows)
    return CopyTable(heading, copied.columns, rows)


def _flags(copy: Copy, seen: Look) -> tuple[str, ...]:
    """Sentences that address an AI: by rule, or by the model where OCR sees them too.

    They are findings; nothing of the page was obeyed, and the copy was judged by code.
    """
    told = [" ".join(text.split()) for text in copy.instructions]
    there = [
        text[:_LONGEST_FLAG]
        for text in told
        if fuzz.partial_ratio(text.lower(), seen.text.lower()) >= _PRINTED_THERE
    ]
    found = (*instructions.find([seen.text]), *there)
    return tuple(dict.fromkeys(filter(None, found)))[:_MOST_FLAGS]


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")
