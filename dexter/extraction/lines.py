"""The line ``dexter extract --json`` prints for one file."""

from decimal import Decimal
from typing import Any

from dexter.domain.filing import DocumentKind, Review
from dexter.domain.statement import Cell, Column, Statement
from dexter.errors import DocumentError
from dexter.extraction.result import Extraction


def as_line(extraction: Extraction, file: str) -> dict[str, Any]:
    """One JSON object per file; amounts are strings in the statement's own unit.

    Args:
        extraction: what was read.
        file: the path as the person gave it.
    """
    return {
        "file": file,
        "sha256": extraction.sha256,
        "kind": str(extraction.kind),
        "status": str(extraction.status),
        "reason": extraction.reason,
        "pages": extraction.pages,
        "statements": [_statement(one) for one in extraction.statements],
        "text_flags": list(extraction.text_flags),
    }


def as_refusal(error: DocumentError, file: str, sha256: str | None) -> dict[str, Any]:
    """The same line for a file that refused to be read."""
    return {
        "file": file,
        "sha256": sha256,
        "kind": str(DocumentKind.OTHER),
        "status": str(Review.REJECTED),
        "reason": error.what,
        "pages": None,
        "statements": [],
        "text_flags": [],
    }


def _statement(one: Statement) -> dict[str, Any]:
    return {
        "basis": str(one.basis) if one.basis else None,
        "family": str(one.family),
        "audited": one.audited,
        "unit": str(one.unit) if one.unit else None,
        "period_end": one.period_end.isoformat() if one.period_end else None,
        "months": one.months,
        "page": one.page,
        "grade": str(one.grade),
        "status": str(one.status),
        "reason": one.reason,
        "symbol": one.symbol,
        "company": one.company,
        "isin": one.isin,
        "columns": {str(role): _column(c) for role, c in one.columns.items()},
        "checks": [
            {"name": check.name, "ok": check.ok, "detail": check.detail}
            for check in one.checks
        ],
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "period_end": column.period_end.isoformat(),
        "months": column.months,
        "items": {str(item): _cell(cell) for item, cell in column.items.items()},
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "value": _decimal(cell.value),
        "printed": cell.printed,
        "page": cell.page,
        "bbox": list(cell.bbox) if cell.bbox else None,
        "method": str(cell.method),
        "confidence": cell.confidence,
        "row": cell.row,
        "column": cell.column,
        "context": cell.context,
        "concept": cell.concept,
        "reason": cell.reason,
    }


def _decimal(value: Decimal | None) -> str | None:
    """A plain decimal, never in scientific notation."""
    return None if value is None else f"{value:f}"
