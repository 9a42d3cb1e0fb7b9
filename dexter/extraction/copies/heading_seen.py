"""Whether OCR bears out what a copy says above its figures: periods, unit, basis.

Sums cannot: swapped headers, lakhs for crores and one basis for another all add up.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum

from rapidfuzz import fuzz

from dexter.domain.filing import Basis
from dexter.domain.period import Quarter
from dexter.domain.statement import Statement, Unit
from dexter.extraction.copies.transcript import CopyTable
from dexter.extraction.copies.witness import Testimony
from dexter.extraction.pages.levels import Line
from dexter.extraction.proof.proof import CORE
from dexter.extraction.tables.header import read_end

_ALIKE = 80.0
_SHORT = 3
_WINDOW = 5
_UNITS: Mapping[StrEnum, tuple[str, ...]] = {
    Unit.RUPEE: ("rupees", "rupee", "inr", "rs"),
    Unit.THOUSAND: ("thousand", "thousands", "000s"),
    Unit.LAKH: ("lakh", "lakhs", "lac", "lacs"),
    Unit.MILLION: ("million", "millions", "mio"),
    Unit.CRORE: ("crore", "crores", "cr"),
}
_BASES: Mapping[StrEnum, tuple[str, ...]] = {
    Basis.STANDALONE: ("standalone",),
    Basis.CONSOLIDATED: ("consolidated",),
}
_MONTHS = re.compile(r"(?:3|03|three)\s*months?")
_ALONE = re.compile(r"\bnon[\s-]*consolidated")


def heading_doubt(
    one: Statement, table: CopyTable, seen: Testimony, core: Sequence[int]
) -> str | None:
    """What of a copy's heading OCR does not bear out, or ``None``.

    Args:
        one: the statement read from the copy.
        table: the copy.
        seen: what OCR saw; only words above the first copied figures count.
        core: the copy's columns that hold the core periods.
    """
    text = " ".join(word.text for line in seen.above for word in line.words).lower()
    bare = [_bare(word) for word in re.split(r"[\s/|]", _ALONE.sub("standalone", text))]
    for said, spellings in ((one.unit, _UNITS), (one.basis, _BASES)):
        if said is None:
            continue
        if not _spelled(spellings[said], bare):
            return f"OCR does not see the word {said} above the table"
        others = [other for other in spellings if other is not said]
        for other in others:
            if other is not Unit.RUPEE and _spelled(spellings[other], bare):
                return f"OCR also sees the word {other} above the table"
    times = len(_MONTHS.findall(text)) + sum(
        _spelled(("quarter", "quarterly"), [word]) for word in bare
    )
    # The title says it once; where the order says nothing, the header must too.
    needed = 1 if _customary([read_end(text) for text in table.columns]) else 2
    if times < needed:
        return "OCR does not see which columns are quarters"
    return _dates_doubt(one, table, seen, core)


def _dates_doubt(
    one: Statement, table: CopyTable, seen: Testimony, core: Sequence[int]
) -> str | None:
    copied = [read_end(text) for text in table.columns]
    printed = [_printed_end(seen, index) for index in range(len(copied))]
    for mine, theirs in zip(copied, printed, strict=True):
        if mine and theirs and mine != theirs:
            return f"OCR sees the date {theirs} where it says {mine}"
    if copied[0] != one.period_end:
        return "its first column is not the quarter reported"
    if any(printed[index] is None for index in core) and not _customary(copied):
        return "OCR does not see the date of every quarter over its column"
    if one.period_end not in set(_dates(seen.above)):
        return f"OCR does not see the date {one.period_end} above the table"
    return None


def _customary(ends: Sequence[date | None]) -> bool:
    """This quarter, the one before, the one a year ago: the usual first three."""
    if len(ends) < len(CORE) or ends[0] is None:
        return False
    quarter = Quarter.containing(ends[0])
    wanted = [quarter.end, quarter.previous.end, quarter.year_ago.end]
    return list(ends[: len(CORE)]) == wanted


def _printed_end(seen: Testimony, column: int) -> date | None:
    """The one date OCR reads over a column, looking from the figures upwards."""
    span = seen.spans.get(column)
    if span is None:
        return None
    for line in reversed(seen.above):
        near = [w.text for w in line.words if span[0] <= w.centre < span[1]]
        end = read_end(" ".join(near)) if near else None
        if end:
            return end
    return None


def _dates(above: Sequence[Line]) -> Iterator[date]:
    """Every date in a few words next to each other."""
    for line in above:
        texts = [word.text for word in line.words]
        for start in range(len(texts)):
            for stop in range(start + 1, min(start + _WINDOW, len(texts)) + 1):
                end = read_end(" ".join(texts[start:stop]))
                if end:
                    yield end


def _spelled(wanted: Iterable[str], words: Sequence[str]) -> bool:
    """Whether one of some words is there, but for a misread letter in longer ones."""
    return any(
        word == one
        or (
            min(len(word), len(one)) > _SHORT
            and (fuzz.ratio(word, one) >= _ALIKE or one in word)
        )
        for one in wanted
        for word in words
    )


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
