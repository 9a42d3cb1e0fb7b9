"""The review queue as JSON: one row per statement, one document for one of them."""

from typing import Any

from dexter.domain.decision import Case, Decision
from dexter.domain.statement import Cell, Column, ColumnRole, Item
from dexter.extraction.people.typed import named
from dexter.extraction.people.upheld import Proof
from pipelines.commands.pictures import Pictures


def as_row(case: Case) -> dict[str, Any]:
    """A statement of the queue; unknown values are null."""
    one, filing = case.statement, case.filing
    return {
        "id": case.id,
        "file": filing.name,
        "sha256": filing.sha256,
        "symbol": filing.symbol,
        "company": case.company,
        "known_at": filing.known_at.isoformat() if filing.known_at else None,
        "period_end": one.period_end.isoformat() if one.period_end else None,
        "basis": one.basis.value if one.basis else None,
        "page": one.page,
        "status": case.status.value,
        "reason": case.reason,
    }


def as_document(case: Case, proof: Proof, made: Pictures | None) -> dict[str, Any]:
    """One statement: values beside their doubts, decisions, pictures."""
    one = case.statement
    cells = made.cells if made else {}
    return {
        **as_row(case),
        "family": one.family.value,
        "unit": one.unit.value if one.unit else None,
        "months": one.months,
        "grade": one.grade.value,
        "columns": {
            role.value: _column(role, column, proof)
            for role, column in one.columns.items()
        },
        "problems": list(proof.problems),
        "checks": [
            {"name": c.name, "ok": c.ok, "detail": c.detail} for c in one.checks
        ],
        "decisions": [_decision(each) for each in case.decisions],
        "pictures": {
            "page": str(made.page) if made and made.page else None,
            "cells": {named(where): str(path) for where, path in cells.items()},
        },
    }


def _column(role: ColumnRole, column: Column, proof: Proof) -> dict[str, Any]:
    return {
        "period_end": column.period_end.isoformat(),
        "months": column.months,
        "items": {
            item.value: _cell(cell, proof.doubts.get((item, role), ()))
            for item, cell in _ordered(column)
        },
    }


def _ordered(column: Column) -> list[tuple[Item, Cell]]:
    return [(item, column.items[item]) for item in Item if item in column.items]


def _cell(cell: Cell, doubts: tuple[str, ...]) -> dict[str, Any]:
    hand = cell.hand
    return {
        "value": None if cell.value is None else f"{cell.value:f}",
        "printed": cell.printed,
        "page": cell.page,
        "bbox": cell.bbox,
        "method": cell.method.value,
        "confidence": cell.confidence,
        "reason": cell.reason,
        "doubts": list(doubts),
        "person": hand.by if hand else None,
        "settled_at": hand.at.isoformat() if hand else None,
        "was": hand.was if hand else None,
    }


def _decision(one: Decision) -> dict[str, Any]:
    return {
        "action": one.action.value,
        "person": one.by,
        "decided_at": one.at.isoformat(),
        "because": one.because,
        "changes": [
            {"what": c.what, "before": c.before, "after": c.after} for c in one.changes
        ],
    }
