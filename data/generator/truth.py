"""What each results page prints, for tests of the extraction."""

from datetime import date
from decimal import Decimal

from documents import Column, Document, columns
from filings import Filing
from history import History
from statements import Statement

ROLES = ("current", "previous_quarter", "same_quarter_last_year")
MONEY = {
    "revenue_from_operations": "revenue",
    "other_income": "other_income",
    "total_income": "income",
    "total_expenses": "expenses",
    "profit_before_tax": "pbt",
    "tax": "tax",
    "net_profit": "profit",
}
BANK_NOTE = "revenue is interest earned, total expenses exclude provisions"


def truth_rows(document: Document, history: History) -> list[dict[str, object]]:
    """One row per statement page of a document."""
    return [
        _row(document, filing, page, columns(filing, history)[:3])
        for page, filing in enumerate(document.filings, 2)
    ]


def _row(
    document: Document, filing: Filing, page: int, shown: list[Column]
) -> dict[str, object]:
    unit = document.company.unit
    row: dict[str, object] = {
        "file": f"pdf/{document.name}",
        "page": page,
        "basis": filing.basis,
        "period_end": document.quarter.end.isoformat(),
        "months": 3,
        "unit": unit.name,
        "columns": {
            role: column.end.isoformat()
            for role, column in zip(ROLES, shown, strict=True)
        },
    }
    for role, column in zip(ROLES, shown, strict=True):
        row[role] = _items(column.statement, filing.filed)
    row["read_from"] = "generated: " + (
        "image only, no text layer" if document.style.scanned else "text layer"
    )
    held = [True, True, True]
    row["verified"] = {"income_sum": held, "pbt": held, "pat": held, "tolerance": 0}
    said = [BANK_NOTE] if document.company.family == "bank" else []
    if filing.basis == "consolidated":
        owners = "/".join(str(unit.amount(c.statement.items["owners"])) for c in shown)
        said.append(f"net profit before minority; owners {owners}")
    row["notes"] = "; ".join(said)
    return row


def _items(statement: Statement, filed: date) -> dict[str, float | None]:
    unit = statement.company.unit
    last = "after_tax" if statement.company.family == "bank" else "profit"
    found: dict[str, float | None] = {
        name: _printed(unit.amount(statement.items[item]))
        for name, item in (MONEY | {"net_profit": last}).items()
    }
    found["eps_basic"] = _printed(statement.eps(filed))
    found["eps_diluted"] = _printed(statement.eps(filed, diluted=True))
    return found


def _printed(value: Decimal) -> float | None:
    """A nil prints as a dash, which is absent."""
    return float(value) if value else None
