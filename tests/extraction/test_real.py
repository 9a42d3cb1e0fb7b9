"""Real filings: nothing wrong is accepted, and every file has an end."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dexter.domain.filing import DocumentKind, Review
from dexter.domain.statement import ColumnRole, Item, Statement
from dexter.errors import DocumentError
from dexter.extraction.document import read
from tests.conftest import ROOT

LINES = (
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
NEGATIVE = (
    "newspaper",
    "intimation",
    "announcement",
    "transcript",
    "corrupt",
    "trading_window",
    "shareholding",
    "outcome_letter",
)
HCL_CONSOLIDATED = "HCLTECH/20240712_1820_INDAS_108977_1183038_12072024062034.xml"


@pytest.fixture(scope="module")
def filings(shared: Path) -> Path:
    return shared / "data" / "filings"


def accepted(path: Path) -> list[Statement]:
    try:
        result = read(path.name, path.read_bytes())
    except DocumentError:
        return []
    return [one for one in result.statements if one.status is Review.ACCEPTED]


def wrong(one: Statement, row: dict[str, Any]) -> Iterator[str]:
    """Cells of an accepted statement that differ from what a person read."""
    for role in row["columns"]:
        for item in LINES:
            cell = one.cell(item, ColumnRole(role))
            truth = row[role].get(str(item))
            if cell is None or cell.value is None:
                continue
            if truth is None or cell.value != Decimal(str(truth)):
                yield f"{row['file']} {role} {item}: {cell.value}, printed {truth}"


def compare(
    root: Path, truth: Path, only: tuple[str, ...] = ()
) -> tuple[int, list[str]]:
    rows = [json.loads(line) for line in truth.read_text().splitlines()]
    rows = [row for row in rows if not only or any(n in row["file"] for n in only)]
    right, faults = 0, []
    for file in dict.fromkeys(row["file"] for row in rows):
        for one in accepted(root / file):
            for row in rows:
                if row["file"] != file or row["basis"] != one.basis:
                    continue
                found = list(wrong(one, row))
                found += [f"{file}: unit {one.unit}"] if one.unit != row["unit"] else []
                faults += found
                right += not found
    return right, faults


def test_the_sample_markets_pages_are_read_right() -> None:
    sample = ROOT / "data" / "sample"
    if not (sample / "truth.jsonl").is_file():
        pytest.skip("the sample market is not built")
    right, faults = compare(sample / "filings", sample / "truth.jsonl")
    assert faults == []
    assert right >= 26


@pytest.mark.real
def test_some_born_digital_pages_are_read_right(filings: Path) -> None:
    only = ("LT_", "VAKRANGEE", "SHRMEAST_20161231", "MUNCAPM_20151231")
    right, faults = compare(filings, filings / "truth.jsonl", only)
    assert faults == []
    assert right >= 6


@pytest.mark.real
@pytest.mark.slow
def test_no_real_page_is_accepted_wrong(filings: Path) -> None:
    right, faults = compare(filings, filings / "truth.jsonl")
    assert faults == []
    assert right >= 12


@pytest.mark.real
def test_what_is_not_results_is_never_accepted(filings: Path) -> None:
    paths = [
        p for p in (filings / "pdf").iterdir() if any(n in p.name for n in NEGATIVE)
    ]
    assert len(paths) >= 15
    assert [path.name for path in paths if accepted(path)] == []


@pytest.mark.real
def test_a_consolidated_quarter_everybody_knows(filings: Path) -> None:
    (one,) = accepted(filings / "xbrl" / HCL_CONSOLIDATED)
    crore = 10_000_000
    assert one.basis == "consolidated"
    assert one.rupees(Item.REVENUE) == 28057 * crore
    assert one.rupees(Item.NET_PROFIT) == 4259 * crore


@pytest.mark.real
def test_every_xbrl_file_ends_as_a_statement_or_a_named_refusal(filings: Path) -> None:
    paths = sorted((filings / "xbrl").glob("*/*.xml"))
    ends: Counter[Review] = Counter()
    for path in paths:
        result = read(path.name, path.read_bytes())
        assert result.kind is DocumentKind.XBRL
        assert result.status is Review.ACCEPTED or result.reason
        ends[result.status] += 1
    assert len(paths) == 359
    assert ends[Review.ACCEPTED] >= 345


@pytest.mark.real
@pytest.mark.slow
def test_xbrl_agrees_with_the_imported_rows(filings: Path, shared: Path) -> None:
    """The rows are first filings, standalone; differences are known revisions."""
    import pandas as pd  # noqa: PLC0415 - slow to import, used here only

    table = pd.read_parquet(shared / "data/market/quarterly_results_xbrl.parquet")
    table = table[table["consolidated"].isin(["Standalone", "Non-Consolidated"])]
    rows: dict[tuple[str | None, Any], Any] = {
        (r["symbol"], r["q_end"].date()): r for r in table.to_dict("records")
    }
    same: Counter[str] = Counter()
    for path in sorted((filings / "xbrl").glob("*/*.xml")):
        for one in accepted(path):
            row = rows.get((one.symbol, one.period_end))
            if row is None or one.basis != "standalone":
                continue
            revenue = Item.TOTAL_INCOME if one.family == "bank" else Item.REVENUE
            for item, value in (
                (revenue, row["revenue"]),
                (Item.NET_PROFIT, row["net_profit"]),
                (Item.EPS_BASIC, row["eps"]),
            ):
                mine = one.rupees(item)
                if mine is None or pd.isna(value):
                    continue
                close = abs(float(mine) - value) <= 1e-6 * max(1, abs(value))
                same[f"{item} {'same' if close else 'differs'}"] += 1
    assert same["net_profit differs"] <= 1
    assert same["net_profit same"] >= 175
    assert sum(n for name, n in same.items() if name.endswith("differs")) <= 6
