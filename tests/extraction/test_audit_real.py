"""Real filings: who they say they are from, and how the hand-read ones compare."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from dexter.domain.company import Family
from dexter.domain.filing import Basis, DocumentKind, Filing, Grade, Review
from dexter.domain.identity import Identity
from dexter.domain.reconciliation import DifferenceKind
from dexter.domain.run import StatementRecord
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
from dexter.extraction.about.names import alike
from dexter.extraction.audit.reconcile import reconcile
from dexter.extraction.pages.classes import PageClass, describe

PAGES = 6
SENDERS = {
    "AVANTEL": ("Avantel Limited", "532406"),
    "DRREDDY": ("Dr. Reddy's Laboratories Limited", "500124"),
    "JIOFIN": ("Jio Financial Services Limited", "543940"),
    "MUNCAPM": ("Munoth Capital Market Limited", "511200"),
    "PRESTIGE": ("Prestige Estates Projects Limited", "533274"),
    "SHRMEAST": (
        "Sharma East India Hospitals and Medical Research Limited",
        "524548",
    ),
    "UBL": ("United Breweries Limited", "532478"),
    "VAKRANGEE": ("Vakrangee Limited", "511431"),
}


def identities(shared: Path) -> Iterator[tuple[str, Identity]]:
    """What the trusted pages of each file say."""
    for path in sorted((shared / "data/filings/pdf").glob("*.pdf")):
        try:
            document = pdfium.PdfDocument(path)
        except pdfium.PdfiumError:
            continue
        pages = [describe(document[i], i + 1) for i in range(min(len(document), PAGES))]
        document.close()
        texts = [page.text for page in pages if page.kind is PageClass.TRUSTED]
        if texts:
            yield path.name, identify(texts)


def test_trusted_pages_never_name_another_company(shared: Path) -> None:
    named = coded = 0
    for name, found in identities(shared):
        sender = SENDERS.get(name.split("_")[0])
        if sender is None:
            continue
        if found.name:
            named += 1
            assert alike(found.name.value, sender[0]), name
        if found.scrip_code:
            coded += 1
            assert found.scrip_code.value == sender[1], name
    assert named >= 12
    assert coded >= 8


def truth(shared: Path) -> Iterator[tuple[str, StatementRecord]]:
    """The hand-read rows as statements of their companies."""
    lines = (shared / "data/filings/truth.jsonl").read_text().splitlines()
    for row in (json.loads(line, parse_float=Decimal) for line in lines):
        name = Path(row["file"]).name
        columns = {
            ColumnRole(role): Column(date.fromisoformat(end), 3, _cells(row[role]))
            for role, end in row["columns"].items()
        }
        statement = Statement(
            basis=Basis(row["basis"]),
            family=Family.GENERAL,
            audited=None,
            unit=Unit(row["unit"]),
            period_end=date.fromisoformat(row["period_end"]),
            months=3,
            page=row["page"],
            grade=Grade.A,
            status=Review.ACCEPTED,
            reason=None,
            columns=columns,
        )
        accepted = Review.ACCEPTED
        kind = DocumentKind.RESULTS
        filing = Filing(name, name, kind, None, None, None, None, accepted, None)
        yield name.split("_")[0], StatementRecord(filing, statement, 1)


def _cells(values: dict[str, object]) -> dict[Item, Cell]:
    known = {item.value for item in Item}
    read = {
        Item(name): Decimal(str(value))
        for name, value in values.items()
        if name in known and value is not None
    }
    places = max(
        (-int(v.as_tuple().exponent) for i, v in read.items() if not i.per_share),
        default=0,
    )
    # JSON drops the last zero that the page prints.
    return {
        item: Cell(
            value if item.per_share else value.quantize(Decimal(1).scaleb(-places)),
            None,
            Method.TEXT,
        )
        for item, value in read.items()
    }


def test_hand_read_filings_differ_only_where_the_company_regrouped(
    shared: Path,
) -> None:
    by_company: dict[str, list[StatementRecord]] = {}
    for company, record in truth(shared):
        by_company.setdefault(company, []).append(record)
    audits = {name: reconcile(records) for name, records in by_company.items()}
    assert sum(audit.compared for audit in audits.values()) >= 100
    found = {
        (name, one.kind, one.period_end.isoformat(), one.item)
        for name, audit in audits.items()
        for one in audit.differences
    }
    # Munoth moved gains on derivatives between operating and other income, twice.
    assert found == {
        ("MUNCAPM", DifferenceKind.RESTATED, "2023-09-30", Item.REVENUE),
        ("MUNCAPM", DifferenceKind.RESTATED, "2023-12-31", Item.REVENUE),
        ("MUNCAPM", DifferenceKind.RESTATED, "2023-12-31", Item.OTHER_INCOME),
    }
