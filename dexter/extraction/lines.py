"""The line ``dexter extract --json`` prints for one file, and its shape."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from dexter.domain.filing import DocumentKind, Review
from dexter.domain.statement import Cell, Check, Column, Statement
from dexter.errors import DocumentError
from dexter.extraction.result import Extraction


@dataclass(frozen=True, slots=True)
class CellLine:
    """One printed value, in the statement's own unit; null beside its reason."""

    value: str | None
    printed: str | None
    page: int | None
    bbox: tuple[float, float, float, float] | None
    method: str
    confidence: float
    row: str | None
    column: str | None
    context: str | None
    concept: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """A segment's revenue, and its result before tax and finance cost."""

    name: str
    revenue: CellLine | None
    result: CellLine | None


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """The items of one period, by name; segments where their sums are proven."""

    period_end: str
    months: int
    items: Mapping[str, CellLine]
    segments: tuple[SegmentLine, ...]


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One statement of one basis; columns by role (``current``, …)."""

    basis: str | None
    family: str
    audited: bool | None
    unit: str | None
    period_end: str | None
    months: int | None
    page: int | None
    grade: str
    status: str
    reason: str | None
    symbol: str | None
    company: str | None
    isin: str | None
    columns: Mapping[str, ColumnLine]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file: what it is, whether it is accepted, and its statements.

    ``text_flags`` are sentences in it that address AI readers, quoted.
    """

    file: str
    sha256: str | None
    kind: str
    status: str
    reason: str | None
    pages: int | None
    statements: tuple[StatementLine, ...]
    text_flags: tuple[str, ...]


def as_line(extraction: Extraction, file: str) -> dict[str, Any]:
    """One JSON object per file, in the shape of :class:`FileLine`.

    Args:
        extraction: what was read.
        file: the path as the person gave it.
    """
    return asdict(
        FileLine(
            file=file,
            sha256=extraction.sha256,
            kind=str(extraction.kind),
            status=str(extraction.status),
            reason=extraction.reason,
            pages=extraction.pages,
            statements=tuple(_statement(one) for one in extraction.statements),
            text_flags=tuple(extraction.text_flags),
        )
    )


def as_refusal(error: DocumentError, file: str, sha256: str | None) -> dict[str, Any]:
    """The same line for a file that refused to be read."""
    return asdict(
        FileLine(
            file=file,
            sha256=sha256,
            kind=str(DocumentKind.OTHER),
            status=str(Review.REJECTED),
            reason=error.what,
            pages=None,
            statements=(),
            text_flags=(),
        )
    )


def _statement(one: Statement) -> StatementLine:
    return StatementLine(
        basis=str(one.basis) if one.basis else None,
        family=str(one.family),
        audited=one.audited,
        unit=str(one.unit) if one.unit else None,
        period_end=one.period_end.isoformat() if one.period_end else None,
        months=one.months,
        page=one.page,
        grade=str(one.grade),
        status=str(one.status),
        reason=one.reason,
        symbol=one.symbol,
        company=one.company,
        isin=one.isin,
        columns={str(role): _column(c) for role, c in one.columns.items()},
        checks=one.checks,
    )


def _column(column: Column) -> ColumnLine:
    return ColumnLine(
        period_end=column.period_end.isoformat(),
        months=column.months,
        items={str(item): _cell(cell) for item, cell in column.items.items()},
        segments=tuple(
            SegmentLine(
                name=one.name,
                revenue=_cell(one.revenue) if one.revenue else None,
                result=_cell(one.result) if one.result else None,
            )
            for one in column.segments
        ),
    )


def _cell(cell: Cell) -> CellLine:
    return CellLine(
        value=_decimal(cell.value),
        printed=cell.printed,
        page=cell.page,
        bbox=cell.bbox,
        method=str(cell.method),
        confidence=cell.confidence,
        row=cell.row,
        column=cell.column,
        context=cell.context,
        concept=cell.concept,
        reason=cell.reason,
    )


def _decimal(value: Decimal | None) -> str | None:
    """A plain decimal, never in scientific notation."""
    return None if value is None else f"{value:f}"
