"""The documents themselves: letters, statements and XBRL that dexter's reader takes."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from xml.sax.saxutils import escape

from dexter.domain.company import Family
from dexter.domain.period import Quarter
from tests.extraction.families import Book, book
from tests.extraction.instances import Shape, filing
from tests.fake_exchange.listing import Company
from tests.fake_exchange.pages import Line, pdf, photographed, right
from tests.fake_exchange.season import Paper, bases_of

_LAKH = Decimal(100_000)
_COLUMNS = (400.0, 485.0, 570.0)
_INLINE_SINCE = Quarter(2025, 3)
_ROWS = (
    ("Revenue from operations", "RevenueFromOperations"),
    ("Other income", "OtherIncome"),
    ("Total income", "Income"),
    ("(a) Cost of materials consumed", "CostOfMaterialsConsumed"),
    ("(b) Purchases of stock-in-trade", "PurchasesOfStockInTrade"),
    (
        "(c) Changes in inventories",
        "ChangesInInventoriesOfFinishedGoodsWorkInProgressAndStockInTrade",
    ),
    ("(d) Employee benefits expense", "EmployeeBenefitExpense"),
    ("(e) Finance costs", "FinanceCosts"),
    (
        "(f) Depreciation and amortisation expense",
        "DepreciationDepletionAndAmortisationExpense",
    ),
    ("(g) Other expenses", "OtherExpenses"),
    ("Total expenses", "Expenses"),
    ("Profit before exceptional items and tax", "ProfitBeforeExceptionalItemsAndTax"),
    ("Exceptional items", "ExceptionalItemsBeforeTax"),
    ("Profit before tax", "ProfitBeforeTax"),
    ("Tax expense", "TaxExpense"),
    ("Net profit for the period", "ProfitLossForPeriod"),
    ("Other comprehensive income", "OtherComprehensiveIncomeNetOfTaxes"),
    ("Total comprehensive income", "ComprehensiveIncomeForThePeriod"),
)
EPS = "EarningsLossPerShareFromContinuingAndDiscontinuedOperations"


@lru_cache(maxsize=4096)
def content(paper: Paper) -> bytes:
    """The bytes of a paper, the same every time."""
    match paper.kind:
        case "letter":
            return _letter(paper)
        case "statement":
            pages = [_page(paper, basis) for basis in bases_of(paper.company)]
            return _changed(pdf(pages), paper.manner)
    return _instance(paper)


def _changed(whole: bytes, manner: str) -> bytes:
    """A PDF as it goes astray."""
    if manner == "cut":
        return whole[: len(whole) // 2]
    return photographed(whole) if manner == "scan" else whole


def size(paper: Paper) -> int:
    """Bytes of a paper; a letter's is known without writing it."""
    return _letter_size(paper) if paper.kind == "letter" else len(content(paper))


def figures(paper: Paper, basis: str, quarter: Quarter | None = None) -> Book:
    """The books a paper is written from; a revision changes the numbers."""
    of = quarter or paper.quarter
    number = of.fiscal_year * 4 + of.number if of else 0
    first = paper.company.number * 1000 + number * 4
    version = paper.version if of == paper.quarter else 0
    return book(Family.GENERAL, first + 2 * version + len(basis) % 2)


def _letter_size(paper: Paper) -> int:
    return 1536 + paper.serial % 7 * 64


def _letter(paper: Paper) -> bytes:
    lines = (
        *_head(paper.company),
        "",
        f"Letter {paper.serial}",
        "Sub: Intimation under Regulation 30 of SEBI (LODR) Regulations, 2015",
        "We request you to take the same on record.",
    )
    page = [(40.0, 760.0 - 14 * i, text) for i, text in enumerate(lines)]
    return pdf([page], pad_to=_letter_size(paper))


def _head(company: Company) -> Iterator[str]:
    yield company.name.upper()
    codes = []
    if company.bse:
        codes.append(f"Scrip Code: {company.bse}")
    if company.nse:
        codes.append(f"Symbol: {company.nse}")
    yield "  ".join(codes)
    yield f"ISIN: {company.isin}"


def _page(paper: Paper, basis: str) -> list[Line]:
    quarter = paper.quarter or Quarter(2026, 1)
    whose = f"Statement of Unaudited {basis} Financial Results"
    again = "Revised " if paper.version else ""
    lines: list[Line] = []
    top = 760.0
    for text in (
        *_head(paper.company),
        f"{again}{whose} for the quarter ended {quarter.end:%d %B %Y}",
    ):
        lines.append((40, top, text))
        top -= 14
    lines += [right(570, top, "(Rs. in lakhs)"), (400, top - 16, "Quarter ended")]
    top -= 28
    columns = (quarter, quarter.previous, quarter.year_ago)
    lines.append((40, top, "Particulars"))
    for x, one in zip(_COLUMNS, columns, strict=True):
        lines.append(right(x, top, f"{one.end:%d.%m.%Y}"))
    books = [figures(paper, basis, one) for one in columns]
    if paper.manner == "wrong":
        off = {name: value + 7 * _LAKH for name, value in books[0].facts.items()}
        books[0] = replace(books[0], facts=off)
    for label, values in _table(books):
        top -= 13
        lines.append((40, top, label))
        lines += [
            right(x, top, value) for x, value in zip(_COLUMNS, values, strict=False)
        ]
    return lines


def _table(books: list[Book]) -> Iterator[tuple[str, list[str]]]:
    for label, concept in _ROWS:
        yield label, [_printed(one.facts[concept] / _LAKH) for one in books]
    face = books[0].per_share["FaceValueOfEquityShareCapital"]
    capital = [one.facts["PaidUpValueOfEquityShareCapital"] / _LAKH for one in books]
    yield (
        f"Paid-up equity share capital (face value Rs. {face}/- each)",
        [_printed(value) for value in capital],
    )
    yield "Earnings per share (not annualised)", []
    for label in ("Basic", "Diluted"):
        yield label, [_printed(one.per_share[f"{label}{EPS}"]) for one in books]


def _printed(value: Decimal) -> str:
    text = f"{abs(value):,.2f}"
    return f"({text})" if value < 0 else text


def _instance(paper: Paper) -> bytes:
    quarter = paper.quarter or Quarter(2026, 1)
    company = paper.company
    modern = quarter >= _INLINE_SINCE
    texts = {
        "Symbol": company.nse or company.bse_id,
        "NameOfTheCompany": company.name,
        "ISIN": company.isin,
        "ScripCode": str(company.bse or ""),
    }
    shape = Shape(
        inline=paper.kind == "inline", capmkt=modern, basis=paper.basis, declared=True
    )
    written = filing(
        figures(paper, paper.basis),
        shape,
        texts={name: escape(text) for name, text in texts.items() if text},
    )
    start, end = quarter.start.isoformat(), quarter.end.isoformat()
    written = written.replace(b"2025-10-01", start.encode())
    return written.replace(b"2025-12-31", end.encode())
