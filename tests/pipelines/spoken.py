"""Documents that are spoken instead of printed: what they say, as JSON."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import Future
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from dexter.domain.company import Family
from dexter.domain.filing import Basis, DocumentKind, Grade, Review
from dexter.domain.statement import (
    Cell,
    Column,
    ColumnRole,
    Item,
    Method,
    Statement,
    Unit,
)
from dexter.extraction.about.identity import identify
from dexter.extraction.result import Extraction

T = TypeVar("T")


class Here:
    """Work done where it is asked for."""

    width = 1

    def submit(self, work: Callable[..., T], /, *inputs: object) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(work(*inputs))
        except Exception as error:  # noqa: BLE001 - handed on, as a pool does
            done.set_exception(error)
        return done


def speak(
    folder: Path, name: str, *texts: str, **columns: tuple[str, str, str]
) -> None:
    """Write a document: pages; columns of period end, revenue, profit in lakh."""
    folder.mkdir(parents=True, exist_ok=True)
    said = {"texts": texts, "columns": columns}
    (folder / name).write_text(json.dumps(said))


def read(name: str, content: bytes) -> Extraction:
    """What such a document says; its statement is accepted as it stands."""
    said = json.loads(content)
    columns = {
        ColumnRole(role): Column(
            date.fromisoformat(end),
            3,
            {Item.REVENUE: _cell(revenue), Item.NET_PROFIT: _cell(profit)},
        )
        for role, (end, revenue, profit) in said["columns"].items()
    }
    return Extraction(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        kind=DocumentKind.RESULTS,
        status=Review.ACCEPTED,
        reason=None,
        pages=len(said["texts"]),
        statements=(_statement(columns),) if columns else (),
        identity=identify(said["texts"]),
    )


def _cell(value: str) -> Cell:
    return Cell(Decimal(value), value, Method.OCR, page=1, bbox=(1.0, 2.0, 3.0, 4.0))


def _statement(columns: dict[ColumnRole, Column]) -> Statement:
    return Statement(
        basis=Basis.STANDALONE,
        family=Family.GENERAL,
        audited=None,
        unit=Unit.LAKH,
        period_end=columns[ColumnRole.CURRENT].period_end,
        months=3,
        page=1,
        grade=Grade.A,
        status=Review.ACCEPTED,
        reason=None,
        columns=columns,
    )
