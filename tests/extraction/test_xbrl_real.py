"""Real XBRL files: each one ends, each difference to the imported rows is known."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dexter.domain.filing import DocumentKind, Review
from dexter.domain.statement import ColumnRole, Item, Statement
from dexter.extraction.document import read
from dexter.extraction.proof.parts import UNCOVERED
from dexter.extraction.proof.sums import SUMS
from dexter.extraction.result import Extraction
from dexter.extraction.xbrl.instance import parse

Key = tuple[str | None, date | None, str | None]
_CONTINUING = "BasicEarningsLossPerShareFromContinuingOperations"
_SUMS = {one.name for sums in SUMS.values() for one in sums}

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def files(shared: Path) -> list[tuple[Path, Extraction]]:
    """Every file with what was read from it, in the order they were filed."""
    paths = sorted((shared / "data/filings/xbrl").glob("*/*.xml"))
    return [(path, read(path.name, path.read_bytes())) for path in paths]


def test_every_file_ends_as_a_statement_or_a_named_refusal(
    files: list[tuple[Path, Extraction]],
) -> None:
    assert len(files) == 359
    ends = Counter(result.status for _, result in files)
    assert ends == {Review.ACCEPTED: 349, Review.REVIEW: 10}
    for _, result in files:
        assert result.kind is DocumentKind.XBRL
        assert len(result.statements) == 1
        assert result.status is Review.ACCEPTED or result.reason


def imported(shared: Path) -> Mapping[Key, dict[Any, Any]]:
    import pandas as pd  # noqa: PLC0415 - slow to import, used here only

    table = pd.read_parquet(shared / "data/market/quarterly_results_xbrl.parquet")
    found: dict[Key, dict[Any, Any]] = {}
    for row in table.to_dict("records"):
        both = row["consolidated"] == "Consolidated"
        basis = "consolidated" if both else "standalone"
        found[(row["symbol"], row["q_end"].date(), basis)] = row
    return found


def compared(
    files: list[tuple[Path, Extraction]], rows: Mapping[Key, dict[Any, Any]]
) -> Iterator[tuple[str, Path, str]]:
    """How each figure of an accepted statement compares with its imported row."""
    seen: set[Key] = set()
    for path, result in files:
        (one,) = result.statements
        key = (one.symbol, one.period_end, one.basis and str(one.basis))
        row = rows.get(key)
        if row is None:
            continue
        later = key in seen
        seen.add(key)
        if one.status is not Review.ACCEPTED:
            continue
        top = Item.TOTAL_INCOME if one.family == "bank" else Item.REVENUE
        names = {top: "revenue", Item.NET_PROFIT: "net_profit", Item.EPS_BASIC: "eps"}
        for item, name in names.items():
            how = difference(path, one, item, float(row[name]), later=later)
            yield how, path, f"{path.name} {item}"


def difference(
    path: Path, one: Statement, item: Item, theirs: float, *, later: bool
) -> str:
    mine = one.rupees(item)
    if mine is None:
        return "withheld here"
    if theirs != theirs:  # noqa: PLR0124 - only a NaN differs from itself
        return "missing in the rows"
    if same(float(mine), theirs):
        return "same"
    if later:
        return "the rows keep the first filing, this is its revision"
    if item is Item.EPS_BASIC and one.rupees(Item.DISCONTINUED):
        facts = parse(path.name, path.read_bytes()).of("OneD", _CONTINUING)
        if facts[0].value is not None and same(float(facts[0].value), theirs):
            return "the rows take the EPS of continuing operations alone"
    return "unexplained"


def same(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(1, abs(other))


def test_every_difference_to_the_imported_rows_has_a_reason(
    files: list[tuple[Path, Extraction]], shared: Path
) -> None:
    found = list(compared(files, imported(shared)))
    unexplained = [what for how, _, what in found if how == "unexplained"]
    assert unexplained == []
    assert Counter(how for how, _, _ in found) == {
        "same": 542,
        "the rows keep the first filing, this is its revision": 3,
        "the rows take the EPS of continuing operations alone": 3,
        "missing in the rows": 1,
    }


def test_a_row_differs_from_a_statement_in_review_only_where_it_broke_a_rule(
    files: list[tuple[Path, Extraction]], shared: Path
) -> None:
    """What is not accepted may differ; the rows took it as filed."""
    rows = imported(shared)
    odd = []
    for path, result in files:
        (one,) = result.statements
        row = rows.get((one.symbol, one.period_end, str(one.basis)))
        mine = one.rupees(Item.NET_PROFIT)
        if row is None or one.status is Review.ACCEPTED or mine is None:
            continue
        if not same(float(mine), row["net_profit"]):
            odd.append((path.parent.name, result.reason))
    assert [name for name, _ in odd] == ["HDFCBANK"]
    assert "net profit = profit before tax − tax does not hold" in str(odd[0][1])


def test_the_sums_of_real_filings_hold_or_their_lines_are_withheld(
    files: list[tuple[Path, Extraction]],
) -> None:
    held: Counter[bool] = Counter()
    for _, result in files:
        for one in result.statements:
            if one.status is not Review.ACCEPTED:
                continue
            for check in one.checks:
                if check.name.partition(": ")[2] in _SUMS:
                    held[check.ok] += 1
    assert held == {True: 2576, False: 31}


def test_how_often_a_line_without_a_sum_is_what_another_page_says(
    files: list[tuple[Path, Extraction]],
) -> None:
    """The confidence of uncovered lines, measured: paid-up capital against equity."""
    agree: Counter[bool] = Counter()
    for _, result in files:
        (one,) = result.statements
        paid, stated = one.rupees(Item.PAID_UP_CAPITAL), one.cell(Item.SHARE_CAPITAL)
        if paid and stated and stated.value:
            agree[paid == stated.value] += 1
    share = agree[True] / agree.total()
    assert agree == {True: 80, False: 8}
    assert share >= UNCOVERED


def test_segments_are_those_of_the_statement(
    files: list[tuple[Path, Extraction]],
) -> None:
    told = 0
    for _, result in files:
        (one,) = result.statements
        column = one.columns.get(ColumnRole.CURRENT)
        revenue = [s.revenue for s in column.segments if s.revenue] if column else []
        if not revenue or one.status is not Review.ACCEPTED:
            continue
        told += 1
        whole = sum(cell.value for cell in revenue if cell.value is not None)
        tops = (one.rupees(Item.REVENUE), one.rupees(Item.TOTAL_INCOME))
        # Sales between segments are in the parts, not in the whole.
        assert any(top is not None and whole >= top for top in tops)
    assert told > 150


def told(text: str, name: str) -> str | None:
    """What a file says of itself for the quarter, found without any parser."""
    said = re.search(rf'<[\w-]+:{name} contextRef="OneD"[^>]*>([^<]*)<', text)
    return said[1].strip() if said else None


def test_what_a_file_says_of_itself_is_read_as_it_stands(
    files: list[tuple[Path, Extraction]],
) -> None:
    undated = 0
    for path, result in files:
        text = path.read_text("utf-8", errors="replace")
        (one,) = result.statements
        basis = told(text, "NatureOfReportStandaloneConsolidated")
        audited = told(text, "WhetherResultsAreAuditedOrUnaudited")
        assert one.symbol == told(text, "Symbol")
        assert one.isin == told(text, "ISIN")
        assert str(one.basis) == str(basis).lower()
        assert one.audited is (audited == "Audited")
        end = told(text, "DateOfEndOfReportingPeriod")
        # One file of 2018 leaves it out; then its context says it.
        undated += end is None
        assert end is None or str(one.period_end) == end
    assert undated == 1
