"""Which periods a page shows, and which quarters each of them adds up."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dexter.domain.period import Quarter
from dexter.domain.statement import ColumnRole

QUARTERS = 8
_MONTHS = {1: 3, 2: 6, 3: 9, 4: 12}


@dataclass(frozen=True, slots=True)
class Span:
    """One column: ``quarters`` counts back from the current one, which is 0."""

    role: ColumnRole
    end: date
    months: int
    quarters: tuple[int, ...]


def spans(last: Quarter, count: int) -> tuple[Span, ...]:
    """Three quarters, then as many longer periods as the count asks for."""
    three = (
        _span(ColumnRole.CURRENT, last, (0,)),
        _span(ColumnRole.PREVIOUS_QUARTER, last, (1,)),
        _span(ColumnRole.SAME_QUARTER_LAST_YEAR, last, (4,)),
    )
    passed = last.number
    year = _span(
        ColumnRole.PREVIOUS_YEAR, last, tuple(range(passed, passed + 4)), months=12
    )
    to_date = _span(
        ColumnRole.YEAR_TO_DATE, last, tuple(range(passed)), _MONTHS[passed]
    )
    before = _span(
        ColumnRole.PREVIOUS_YEAR_TO_DATE,
        last,
        tuple(range(4, 4 + passed)),
        _MONTHS[passed],
    )
    longer: Sequence[Span] = {
        1: (year,),
        2: (to_date, before, year),
        3: (to_date, before, year),
        4: (to_date, year),
    }[passed]
    if count == 4 and passed in {2, 3}:
        longer = (year,)
    return (*three, *longer[: count - 3])


def _span(
    role: ColumnRole, last: Quarter, quarters: tuple[int, ...], months: int = 3
) -> Span:
    return Span(role, last.shift(-quarters[0]).end, months, quarters)


def pick(rng: random.Random, last: Quarter) -> int:
    """How many columns a page of this quarter shows."""
    most = {1: 4, 2: 6, 3: 6, 4: 5}[last.number]
    return min(most, rng.choices((3, 4, 5, 6), (2, 3, 4, 6))[0])
