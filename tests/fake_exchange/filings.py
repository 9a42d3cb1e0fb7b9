"""Addresses of documents, and the lists of XBRL filings that name them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from dexter.domain.moment import IST
from dexter.domain.period import Quarter
from tests.fake_exchange.chance import chance
from tests.fake_exchange.listing import Company
from tests.fake_exchange.season import CONSOLIDATED, Filing, Paper, Result, bases_of
from tests.fake_exchange.truth import Publication

if TYPE_CHECKING:
    from tests.fake_exchange.world import World

BSE, NSE = "BSE", "NSE"
ARCHIVES = "https://nsearchives.nseindia.com"
BSE_SITE = "https://www.bseindia.com"
INTEGRATED_SINCE = Quarter(2025, 3)  # the December 2024 quarter
_LEGACY_QUARTERS = 3


@dataclass(frozen=True, slots=True)
class OldFiling:
    """A row of NSE's frozen list of results; no paper where its XBRL is ``/-``."""

    company: Company
    symbol: str
    quarter: Quarter
    basis: str
    at: datetime
    sequence: int
    paper: Paper | None

    @property
    def url(self) -> str:
        """Where its XBRL lies."""
        if self.paper is None:
            return f"{ARCHIVES}/corporate/xbrl/-"
        stamp = f"{self.at:%d%m%Y%I%M%S}"
        name = f"INDAS_{self.sequence}_{self.sequence + 77}_{stamp}.xml"
        return f"{ARCHIVES}/corporate/xbrl/{name}"


def attachment_url(
    world: "World", exchange: str, attachment: str, published: datetime
) -> str:
    """Where an announced document lies today."""
    if exchange == NSE:
        return f"{ARCHIVES}/corporate/{attachment}"
    folder = "AttachLive" if world.is_live(published) else "AttachHis"
    return f"{BSE_SITE}/xml-data/corpfiling/{folder}/{attachment}"


def xbrl_url(filing: Filing) -> str:
    """NSE's plain XBRL of an integrated filing."""
    return f"{ARCHIVES}/corporate/xbrl/INTEGRATED_FILING_INDAS_{_stamped(filing)}.xml"


def inline_url(filing: Filing) -> str:
    """NSE's inline XBRL of an integrated filing."""
    stem = f"INTEGRATED_FILING_INDAS_{_stamped(filing)}"
    return f"{ARCHIVES}/corporate/ixbrl/{stem}_iXBRL.html"


def pdf_url(filing: Filing) -> str | None:
    """A real PDF, nothing, or the dead address most rows have."""
    kind = filing.sequence % 3
    if kind == 0:
        return None
    if kind == 1:
        return f"{ARCHIVES}/corporate/null"
    company = filing.paper.company
    symbol = company.symbol(filing.nse_at.date())
    name = (
        f"{symbol}_{filing.nse_at:%d%m%Y%H%M%S}_IntegratedFiling{filing.sequence}.pdf"
    )
    return f"{ARCHIVES}/corporate/{name}"


def statement_of(filing: Filing) -> Paper:
    """The PDF attached to an integrated filing."""
    paper = filing.paper
    return Paper("statement", paper.company, paper.quarter, version=paper.version)


def bse_name(filing: Filing) -> str:
    """``XMLName`` of the BSE results index: the stamp has no padding."""
    at, code = filing.bse_at, filing.paper.company.bse
    stamp = f"{at.day}{at.month}{at:%Y%H%M%S}"
    folder = "IFIndasDuplicateUploadDocument"
    return f"{folder}/Integrated_Finance_Ind_As_{code}_{stamp}_IFIndAs.html"


def inline_of(filing: Filing) -> Paper:
    """The inline page of an XBRL filing."""
    return replace(filing.paper, kind="inline")


def integrated(world: "World") -> Iterator[tuple[Result, Filing]]:
    """Integrated filings public on NSE by now, newest first."""
    rows = [
        (result, filing)
        for result in world.results
        if result.quarter >= INTEGRATED_SINCE
        for filing in result.filings
        if filing.nse_at <= world.now and result.company.nse
    ]
    rows.sort(key=lambda row: (row[1].nse_at, row[1].sequence), reverse=True)
    yield from rows


def legacy(world: "World") -> Iterator[OldFiling]:
    """NSE's older list: before the December 2024 quarter, frozen since."""
    for company in world.companies:
        yield from (one for one in _old(world.seed, company) if one.at <= world.now)
    for result in world.results:
        if result.quarter >= INTEGRATED_SINCE or not result.company.nse:
            continue
        for filing in result.filings:
            if filing.nse_at <= world.now:
                company = result.company
                yield OldFiling(
                    company=company,
                    symbol=company.symbol(filing.nse_at.date()) or "",
                    quarter=result.quarter,
                    basis=filing.paper.basis,
                    at=filing.nse_at,
                    sequence=filing.sequence,
                    paper=filing.paper,
                )


@lru_cache(maxsize=4096)
def _old(seed: int, company: Company) -> tuple[OldFiling, ...]:
    if company.nse is None:
        return ()
    found = []
    quarters = [Quarter(2024, 4).shift(-i) for i in range(_LEGACY_QUARTERS)]
    for place, quarter in enumerate((*quarters, Quarter(2017, 2))):
        draw = chance(seed, "old", company.number, quarter)
        at = datetime.combine(quarter.end, time(18), IST)
        at += timedelta(days=draw.randint(15, 44), seconds=draw.randrange(9_000))
        for basis in bases_of(company):
            paper = Paper("xbrl", company, quarter, basis)
            number = 100_000 + company.number * 20 + 2 * place
            found.append(
                OldFiling(
                    company=company,
                    symbol=company.former or company.nse,
                    quarter=quarter,
                    basis=basis,
                    at=at + timedelta(minutes=2 * (basis == CONSOLIDATED)),
                    sequence=number + (basis == CONSOLIDATED),
                    paper=paper if quarter.fiscal_year > 2018 else None,
                )
            )
    return tuple(found)


def publications(world: "World") -> Iterator[Publication]:
    """Documents that the lists of filings name, each at its row's time."""
    for result, filing in integrated(world):
        yield from _of_integrated(result, filing)
    for old in legacy(world):
        if old.paper:
            yield _publication(
                old.symbol,
                old.at,
                "NSE list of results",
                (old.paper, old.url),
                (old.quarter, old.basis),
            )
    for result in world.results:
        if result.company.bse and result.quarter >= INTEGRATED_SINCE:
            yield from _on_bse(result, world.now)


def _of_integrated(result: Result, filing: Filing) -> Iterator[Publication]:
    symbol = result.company.symbol(filing.nse_at.date()) or ""
    said = (result.quarter, filing.paper.basis)
    papers = [
        (filing.paper, xbrl_url(filing)),
        (inline_of(filing), inline_url(filing)),
    ]
    address = pdf_url(filing)
    if address and not address.endswith("/null"):
        papers.append((statement_of(filing), address))
    for paper in papers:
        yield _publication(symbol, filing.nse_at, "NSE integrated filings", paper, said)


def _on_bse(result: Result, now: datetime) -> Iterator[Publication]:
    for filing in result.filings:
        if filing.bse_at <= now:
            yield _publication(
                f"BSE:{result.company.bse}",
                filing.bse_at,
                "BSE results index",
                (inline_of(filing), f"{BSE_SITE}/XBRLFILES/{bse_name(filing)}"),
                (result.quarter, filing.paper.basis),
            )


def _publication(
    symbol: str,
    at: datetime,
    source: str,
    what: tuple[Paper, str],
    said: tuple[Quarter, str],
) -> Publication:
    paper, url = what
    quarter, basis = said
    return Publication(
        name=url.rsplit("/", 1)[-1].lower(),
        symbol=symbol,
        published_at=at,
        source=source,
        paper=paper,
        url=url,
        period_end=quarter.end,
        basis=basis.lower(),
    )


def _stamped(filing: Filing) -> str:
    return f"{filing.sequence}_{filing.nse_at:%d%m%Y%H%M%S}_WEB"
