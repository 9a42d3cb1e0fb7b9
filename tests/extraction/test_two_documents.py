"""The sample market's pages and XBRL of one quarter say the same, line by line."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dexter.domain.filing import Basis, Review
from dexter.domain.statement import Column, Item, Statement
from dexter.extraction.document import read
from tests.conftest import ROOT

Key = tuple[str, date, Basis | None, int]
_FILINGS = ROOT / "data" / "sample" / "filings"
# Its results were filed again with another deferred tax.
_REVISED = ("PALASHCHEM", {"deferred_tax", "tax", "net_profit"})


def accepted(*endings: str) -> Iterator[tuple[Path, Statement]]:
    for path in sorted(_FILINGS.rglob("*")):
        if path.suffix in endings and "corrupt" not in path.name:
            for one in read(path.name, path.read_bytes()).statements:
                if one.status is Review.ACCEPTED:
                    yield path, one


def filed() -> dict[Key, list[Column]]:
    """The columns that XBRL files state, by company, period and basis."""
    found: dict[Key, list[Column]] = defaultdict(list)
    for _, one in accepted(".xml", ".html"):
        for column in one.columns.values():
            key = (one.symbol or "", column.period_end, one.basis, column.months)
            found[key].append(column)
    return found


def pairs() -> Iterator[tuple[str, Decimal, Decimal]]:
    """Every line that a page and an XBRL file of one period both state, in rupees."""
    facts = filed()
    for path, page in accepted(".pdf"):
        symbol = path.name.partition("_")[0]
        for role, column in page.columns.items():
            key = (symbol, column.period_end, page.basis, column.months)
            for other in facts[key]:
                for item in set(column.items) & set(other.items):
                    printed, fact = page.rupees(item, role), other.items[item].value
                    if printed is None or fact is None or _is_revised(symbol, item):
                        continue
                    yield f"{path.name} {role} {item}", printed, fact


@pytest.mark.slow
def test_every_line_of_a_page_is_the_xbrls_line() -> None:
    if not _FILINGS.is_dir():
        pytest.skip("the sample market is not built")
    found = list(pairs())
    assert [where for where, printed, fact in found if printed != fact] == []
    assert len(found) >= 2_000


def _is_revised(symbol: str, item: Item) -> bool:
    name, lines = _REVISED
    changed = {*lines, "total_comprehensive_income", "eps_basic", "eps_diluted"}
    return symbol == name and item.value in changed
