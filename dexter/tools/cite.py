"""Building evidence: every value a tool brings back gets its address here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from dexter.domain.company import Family
from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Measure, Source
from dexter.domain.filing import Basis, Grade
from dexter.domain.results import FIGURE_ITEMS, QuarterFigures
from dexter.domain.run import StatementRecord
from dexter.domain.statement import Cell, Item, Method

_GRADES = (Grade.A, Grade.B, Grade.C, Grade.IMPORTED)
_PLACES = Decimal("0.000001")
HEADLINE = ("revenue", "net_profit", "eps")


def _unit(item: Item) -> Measure:
    if item.per_share:
        return Measure.RUPEES_PER_SHARE
    return Measure.FRACTION if item.ratio else Measure.RUPEES


FIGURES = {name: (item.value, _unit(item)) for name, item in FIGURE_ITEMS.items()}
"""What a figure of a quarter is called as evidence, and its unit."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a piece of evidence speaks of."""

    symbol: str
    company: str
    period: str | None = None
    basis: Basis | None = None
    family: Family | None = None


def from_cell(
    subject: Subject, record: StatementRecord, item: Item, cell: Cell, column: str
) -> Evidence | None:
    """Evidence for a statement cell in rupees, or none where nothing is printed."""
    if cell.value is None or record.statement.unit is None:
        return None
    value, unit = cell.value, _unit(item)
    if unit is Measure.RUPEES:
        value *= record.statement.unit.rupees
    filing = record.filing
    return Evidence(
        id="",
        kind=EvidenceKind.FACT if _is_fact(cell) else EvidenceKind.CELL,
        name=item.value,
        unit=unit,
        value=value,
        source=Source(
            document=filing.name,
            sha256=filing.sha256,
            page=cell.page,
            bbox=cell.bbox,
            row=cell.row or cell.concept,
            column=cell.column or column,
            context=cell.context,
            url=filing.url,
            person=cell.hand.by if cell.hand else None,
            settled_at=cell.hand.at if cell.hand else None,
        ),
        symbol=subject.symbol,
        company=subject.company,
        period=subject.period,
        basis=subject.basis,
        known_at=filing.known_at,
        grade=record.statement.grade,
        reason=None if filing.known_at else filing.known_at_reason,
        method=cell.method.value,
    ).with_key()


def _is_fact(cell: Cell) -> bool:
    """An XBRL fact, also when a person stands for it."""
    return cell.method is Method.XBRL or cell.context is not None


def from_figures(
    subject: Subject, figures: QuarterFigures, field: str
) -> Evidence | None:
    """Evidence for a figure of a quarter, one of ``FIGURES``.

    A bank's ``revenue`` is its total income, in imported rows and statements alike.
    """
    value: Decimal | None = getattr(figures, field)
    source = figures.sources.get(field)
    if value is None or source is None:
        return None
    name, unit = FIGURES[field]
    if field == "revenue" and subject.family is Family.BANK:
        name = Item.TOTAL_INCOME.value
    return Evidence(
        id="",
        kind=EvidenceKind.CELL if source.page else EvidenceKind.FACT,
        name=name,
        unit=unit,
        value=value,
        source=source,
        symbol=subject.symbol,
        company=subject.company,
        period=str(figures.quarter),
        basis=figures.basis,
        known_at=figures.known_at,
        grade=figures.grade,
        method=_method(figures, source),
    ).with_key()


def _method(figures: QuarterFigures, source: Source) -> str | None:
    if figures.grade is Grade.IMPORTED:
        return "imported"
    return Method.PERSON.value if source.person else None


def computed(
    subject: Subject,
    name: str,
    value: Decimal,
    unit: Measure,
    formula: str,
    inputs: Sequence[Evidence],
) -> Evidence:
    """Evidence for a formula over other evidence; known when its last input was."""
    times = [e.known_at for e in inputs]
    known = None if not times or None in times else max(t for t in times if t)
    grades = [e.grade for e in inputs if e.grade]
    return Evidence(
        id="",
        kind=EvidenceKind.COMPUTED,
        name=name,
        unit=unit,
        value=exact(value),
        source=Derivation(formula, tuple(e.id for e in inputs)),
        symbol=subject.symbol,
        company=subject.company,
        period=subject.period,
        basis=subject.basis,
        known_at=known,
        grade=max(grades, key=_GRADES.index) if grades else None,
    ).with_key()


def words(
    subject: Subject,
    name: str,
    text: str | None,
    source: Source,
    known_at: datetime | None,
    unit: Measure = Measure.TEXT,
) -> Evidence:
    """Evidence that is words or a date: a headline, a meeting date."""
    kind = EvidenceKind.NEWS if unit is Measure.TEXT else EvidenceKind.FACT
    return Evidence(
        id="",
        kind=kind,
        name=name,
        unit=unit,
        value=None,
        text=text,
        source=source,
        symbol=subject.symbol,
        company=subject.company,
        period=subject.period,
        known_at=known_at,
    ).with_key()


def price(
    subject: Subject, name: str, value: float, row: str, known_at: datetime, file: str
) -> Evidence:
    """Evidence for a price of a daily bar, in raw rupees."""
    return Evidence(
        id="",
        kind=EvidenceKind.PRICE,
        name=name,
        unit=Measure.RUPEES_PER_SHARE,
        value=Decimal(str(value)),
        source=Source(document=file, row=row, column=name),
        symbol=subject.symbol,
        company=subject.company,
        period=subject.period,
        known_at=known_at,
    ).with_key()


def exact(value: Decimal) -> Decimal:
    """Six places, half to even, without an exponent: what a computed value keeps."""
    return value.quantize(_PLACES, ROUND_HALF_EVEN)


def worst_grade(evidence: Sequence[Evidence]) -> Grade | None:
    """The weakest grade among evidence that has one."""
    grades = [e.grade for e in evidence if e.grade]
    return max(grades, key=_GRADES.index) if grades else None


def flagged(evidence: Evidence, reason: str) -> Evidence:
    """The same evidence with a remark beside it."""
    return replace(evidence, reason=reason)
