"""Choosing which visible reading of a quarter speaks, and comparing the others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dexter.domain.filing import Basis, DocumentKind, Review
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from dexter.domain.run import StatementRecord
from dexter.domain.statement import Check, Item, Unit
from dexter.tools.base import ToolContext

# The lines two documents of the same quarter should agree on.
HEADLINES = (
    Item.REVENUE,
    Item.OTHER_INCOME,
    Item.TOTAL_INCOME,
    Item.TOTAL_EXPENSES,
    Item.PROFIT_BEFORE_TAX,
    Item.TAX,
    Item.NET_PROFIT,
    Item.EPS_BASIC,
    Item.EPS_DILUTED,
)
_QUARTER_MONTHS = 3
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Readings:
    """The statement that speaks for a quarter and basis, and what stands beside it.

    ``others`` are accepted readings of other documents, ``superseded`` earlier versions
    of the same kind of document, ``doubtful`` readings that were not accepted.
    """

    chosen: StatementRecord | None
    others: tuple[StatementRecord, ...]
    superseded: tuple[StatementRecord, ...]
    doubtful: tuple[StatementRecord, ...]


def choose(records: Sequence[StatementRecord], basis: Basis) -> Readings:
    """XBRL speaks before PDF (its figures are exact), the latest version first."""
    mine = [r for r in records if r.statement.basis is basis and _is_quarter(r)]
    accepted = [r for r in mine if r.statement.status is Review.ACCEPTED]
    ranked = sorted(accepted, key=_rank)
    latest: dict[bool, StatementRecord] = {}
    for record in ranked:
        latest.setdefault(_is_xbrl(record), record)
    superseded = [r for r in ranked if latest[_is_xbrl(r)] is not r]
    chosen = ranked[0] if ranked else None
    others = tuple(r for r in latest.values() if r is not chosen)
    doubtful = tuple(r for r in mine if r.statement.status is not Review.ACCEPTED)
    return Readings(chosen, others, tuple(superseded), doubtful)


def default_basis(
    records: Sequence[StatementRecord], figures: Iterable[QuarterFigures]
) -> Basis | None:
    """Consolidated where an accepted statement or imported row has it."""
    known = {
        r.statement.basis
        for r in records
        if r.statement.status is Review.ACCEPTED and _is_quarter(r)
    } | {f.basis for f in figures}
    for basis in (Basis.CONSOLIDATED, Basis.STANDALONE):
        if basis in known:
            return basis
    return None


def reconcile(first: StatementRecord, second: StatementRecord) -> tuple[Check, ...]:
    """One check per line both documents carry: equal within the coarser printing."""
    checks = []
    for item in HEADLINES:
        left, right = first.statement.rupees(item), second.statement.rupees(item)
        if left is None or right is None:
            continue
        allowed = max(_step(first, item), _step(second, item)) * _HALF
        ok = abs(left - right) <= allowed
        checks.append(
            Check(
                name=f"documents agree on {item.value}",
                ok=ok,
                detail=f"{first.filing.name} and {second.filing.name}: "
                f"{left} and {right}",
            )
        )
    return tuple(checks)


async def latest_visible(symbol: str, context: ToolContext) -> Quarter | None:
    """The newest quarter with any visible figures."""
    coverage = await context.runtime.directory.coverage(symbol, context.as_of)
    return coverage.quarters[0].quarter if coverage.quarters else None


def _is_quarter(record: StatementRecord) -> bool:
    months = record.statement.months
    return months is None or months == _QUARTER_MONTHS


def _is_xbrl(record: StatementRecord) -> bool:
    return record.filing.kind is DocumentKind.XBRL


def _rank(record: StatementRecord) -> tuple[bool, float, int]:
    known = record.filing.known_at
    return not _is_xbrl(record), -known.timestamp() if known else 0.0, -record.version


def _step(record: StatementRecord, item: Item) -> Decimal:
    """The value of one step in the last printed place, in rupees."""
    cell = record.statement.cell(item)
    if cell is None or cell.value is None:
        return Decimal(0)
    exponent = cell.value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    step = Decimal(1).scaleb(-places)
    unit = record.statement.unit or Unit.RUPEE
    return step if item.per_share or item.ratio else step * unit.rupees
