"""The PDFs of the sample: which exist, what each page shows."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from companies import Company
from filings import Filing
from history import History
from quarters import Q1_FY26, Q4_FY25, Quarter
from roster import BY_SYMBOL
from schedule import REVISED_PDF_AT, Release
from statements import Statement, total


@dataclass(frozen=True)
class Style:
    """How a company sets its pages.

    Attributes:
        ruled: Lines around cells, or none at all.
        font: Base font.
        dates: strftime pattern of the column dates.
        group_first: Consolidated page before the standalone one.
        scanned: Image only.
    """

    ruled: bool = True
    font: str = "Helvetica"
    dates: str = "%d-%m-%Y"
    group_first: bool = False
    scanned: bool = False


STYLES = {
    "KAVCEM": Style(),
    "KAVCAB": Style(ruled=False, dates="%d.%m.%Y"),
    "SECTOR7": Style(scanned=True),
    "DHRUVAERO": Style(font="Times-Roman", dates="%B %d, %Y"),
    "RANGOLIRET": Style(ruled=False, dates="%B %d, %Y", group_first=True),
    "HIMPOWER": Style(font="Times-Roman"),
    "TARANGTEX": Style(ruled=False, font="Times-Roman", dates="%d/%m/%Y"),
    "PALASHCHEM": Style(dates="%d.%m.%Y", group_first=True),
    "VAIGAIPH": Style(ruled=False, dates="%d-%b-%Y"),
    "NILCAST": Style(font="Times-Roman", dates="%d.%m.%Y"),
    "CHINARBANK": Style(dates="%d.%m.%Y"),
    "SETUFIN": Style(ruled=False, dates="%B %d, %Y"),
}
Q4_PDFS = ("KAVCEM", "KAVCAB", "DHRUVAERO", "HIMPOWER", "NILCAST", "VAIGAIPH")


@dataclass(frozen=True)
class Column:
    """One money column: the period it shows and its review."""

    statement: Statement
    end: date
    audited: bool
    year: bool


@dataclass(frozen=True)
class Document:
    """One results PDF.

    Attributes:
        filings: One per statement page, in page order from page 2.
        published: First public time.
    """

    company: Company
    quarter: Quarter
    filings: tuple[Filing, ...]
    published: datetime
    revision: bool = False

    @property
    def style(self) -> Style:
        """The company's page style."""
        return STYLES[self.company.symbol]

    @property
    def name(self) -> str:
        """File name."""
        kind = "results_revised" if self.revision else "results"
        stem = f"{self.company.symbol}_{self.quarter.end:%Y%m%d}_{kind}"
        digest = hashlib.sha256(f"sample/{stem}".encode()).hexdigest()[:6]
        return f"{stem}_{digest}.pdf"


def documents(
    found: list[Filing], releases: dict[tuple[str, int], Release]
) -> list[Document]:
    """Every results PDF, by publication time."""
    made = []
    for (symbol, index), release in releases.items():
        if index < Q4_FY25 or (index == Q4_FY25 and symbol not in Q4_PDFS):
            continue
        own = [
            f for f in found if f.company.symbol == symbol and f.quarter.index == index
        ]
        pages = [f for f in own if f.remark is None]
        pages.sort(key=lambda f: f.basis, reverse=not STYLES[symbol].group_first)
        company, quarter = BY_SYMBOL[symbol], release.quarter
        made.append(Document(company, quarter, tuple(pages), release.published))
        made += [
            Document(company, quarter, (f,), REVISED_PDF_AT, revision=True)
            for f in own
            if f.remark
        ]
    return sorted(made, key=lambda d: d.published)


def columns(filing: Filing, history: History) -> list[Column]:
    """The columns of a statement page, current quarter first."""
    quarter, symbol, basis = filing.quarter, filing.company.symbol, filing.basis

    def of(index: int) -> Statement:
        return history[symbol, basis, index]

    now = quarter.index
    found = [Column(filing.statement, quarter.end, quarter.audited, year=False)]
    for index in (now - 1, now - 4):
        there = Quarter(index)
        found.append(Column(of(index), there.end, there.audited, year=False))
    closed = quarter.full_year if now == Q4_FY25 else Quarter(Q4_FY25).full_year
    years = [closed]
    if now != Q1_FY26:
        years.append([i - 4 for i in closed])
    for span in years:
        year = total(of(i) for i in span)
        found.append(Column(year, Quarter(span[-1]).end, audited=True, year=True))
    return found
