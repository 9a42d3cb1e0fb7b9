"""Filings of one company held against each other: comparatives, revisions, PDF, XBRL.

A later filing's comparative columns are free truth for an earlier one, and so are the
XBRL of the same quarter for its PDF and two years to date for the quarter between. A
difference is a flag, never an overwrite.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import pairwise

from dexter.domain.period import Quarter
from dexter.domain.reconciliation import Difference, DifferenceKind, Side
from dexter.domain.run import StatementRecord
from dexter.domain.statement import Cell, Item, Method
from dexter.extraction.audit.given import Given, Key, figures

_FAR = datetime.max.replace(tzinfo=UTC)
_QUARTER = 3
# Lines that add up over quarters; balances, ratios and per-share amounts do not.
_FLOWS = frozenset(
    {
        Item.REVENUE,
        Item.INTEREST_EARNED,
        Item.OTHER_INCOME,
        Item.TOTAL_INCOME,
        Item.EMPLOYEE_COST,
        Item.FINANCE_COSTS,
        Item.DEPRECIATION,
        Item.TOTAL_EXPENSES,
        Item.PROFIT_BEFORE_TAX,
        Item.TAX,
        Item.NET_PROFIT,
    }
)


@dataclass(frozen=True, slots=True)
class Audit:
    """How a company's filings compare: pairs of figures, those that agree, the rest."""

    compared: int
    agreed: int
    differences: tuple[Difference, ...]


def reconcile(records: Iterable[StatementRecord]) -> Audit:
    """Compare every figure that more than one accepted statement of a company gives.

    Each document is held against the period's own filing (XBRL before PDF, its latest
    version), or, where that is not kept, against the earliest filing that gives the
    figure; versions against the version before; a period's PDF against its XBRL; a
    quarter against its year to date less the year to date before.
    """
    given: dict[Key, list[Given]] = defaultdict(list)
    seen: set[tuple[Key, str]] = set()
    for record in records:
        for key, one in figures(record):
            if (key, one.side.sha256) not in seen:
                seen.add((key, one.side.sha256))
                given[key].append(one)
    compared: int = 0
    found: list[Difference] = []
    for key in sorted(given, key=lambda k: (k.basis, k.period_end, k.months, k.item)):
        pairs = [(*pair, ()) for pair in _pairs(key, given[key])]
        for first, second, parts in (*pairs, *_implied(key, given)):
            compared += 1
            allowed = (first.step + second.step) / 2
            if abs(first.side.value - second.side.value) > allowed:
                unlike = _difference(key, first.side, second.side)
                found.append(replace(unlike, parts=parts))
    return Audit(compared, compared - len(found), tuple(found))


def _pairs(key: Key, given: Sequence[Given]) -> Iterator[tuple[Given, Given]]:
    """Which two filings of a figure are compared, the earlier one first."""
    ordered = sorted(given, key=_filed)
    own = [one for one in ordered if one.side.speaks_of == key.period_end]
    latest: list[Given] = []
    for xbrl in (True, False):
        versions = [one for one in own if one.side.xbrl is xbrl]
        yield from pairwise(versions)
        latest += versions[-1:]
    yield from zip(latest[1:], latest, strict=False)
    later = [one for one in ordered if one.side.speaks_of != key.period_end]
    against = latest[0] if latest else None
    for one in later:
        if against is None:
            against = one
        else:
            yield against, one


def _implied(
    key: Key, given: Mapping[Key, Sequence[Given]]
) -> Iterator[tuple[Given, Given, tuple[Side, Side]]]:
    """A quarter's own figure, and its year to date less the year to date before."""
    quarter = Quarter.containing(key.period_end)
    if key.months != _QUARTER or quarter.number == 1 or key.item not in _FLOWS:
        return
    months = _QUARTER * quarter.number
    before = replace(key, period_end=quarter.previous.end, months=months - _QUARTER)
    own = _own(key, given)
    whole, rest = _own(replace(key, months=months), given), _own(before, given)
    if own is None or whole is None or rest is None:
        return
    value = whole.side.value - rest.side.value
    cell = Cell(
        value / whole.side.unit.rupees,
        None,
        Method.DERIVED,
        reason=f"{months} months less {months - _QUARTER} months",
    )
    known = (whole.side.known_at, rest.side.known_at)
    derived = replace(
        whole.side,
        sha256=rest.side.sha256,
        document=f"{whole.side.document} less {rest.side.document}",
        known_at=max(m for m in known if m) if all(known) else None,
        cell=cell,
        value=value,
    )
    step = whole.step + rest.step
    yield own, Given(derived, step), (whole.side, rest.side)


def _own(key: Key, given: Mapping[Key, Sequence[Given]]) -> Given | None:
    """What a period's own filing gives, XBRL before PDF, the latest version."""
    own = [one for one in given.get(key, ()) if one.side.speaks_of == key.period_end]
    return max(own, key=lambda one: (one.side.xbrl, *_filed(one)), default=None)


def _filed(one: Given) -> tuple[date, datetime, str]:
    return one.side.speaks_of, one.side.known_at or _FAR, one.side.sha256


def _difference(key: Key, first: Side, second: Side) -> Difference:
    kind = DifferenceKind.DISAGREES
    if second.cell.method is Method.DERIVED:
        kind = DifferenceKind.YEAR_TO_DATE
    elif first.speaks_of != second.speaks_of:
        kind = DifferenceKind.RESTATED
    elif first.xbrl is second.xbrl and _dated(first, second):
        kind = DifferenceKind.REVISED
    return Difference(
        kind, key.basis, key.period_end, key.months, key.item, first, second
    )


def _dated(first: Side, second: Side) -> bool:
    known = (first.known_at, second.known_at)
    return None not in known and known[0] != known[1]
