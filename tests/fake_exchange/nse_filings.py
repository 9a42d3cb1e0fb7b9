"""NSE's lists of results filings: the integrated one, and the frozen older one."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from dexter.domain.moment import IST
from tests.fake_exchange import filings
from tests.fake_exchange.filings import OldFiling
from tests.fake_exchange.papers import size
from tests.fake_exchange.season import STANDALONE, Filing, Result
from tests.fake_exchange.world import World

_ORDINALS = ("First", "Second", "Third", "Fourth")
_STAMP = "%d-%b-%Y %H:%M:%S"


def day_of(text: str) -> date:
    """A day of a parameter."""
    return datetime.strptime(text, "%d-%m-%Y").replace(tzinfo=IST).date()


def integrated(world: World, query: Mapping[str, str]) -> dict[str, object]:
    """A page of ``integrated-filing-results``."""
    first, last = query.get("from_date"), query.get("to_date")
    low = day_of(first) if first else date.min
    high = day_of(last) if last else date.max
    wanted = query.get("symbol", "")
    rows = [
        _integrated_row(result, filing)
        for result, filing in filings.integrated(world)
        if low <= filing.nse_at.date() <= high
        and wanted in {"", result.company.symbol(filing.nse_at.date())}
        and "Governance" not in query.get("type", "")
    ]
    page, size_ = int(query.get("page", "1")), int(query.get("size", "20"))
    return {
        "data": rows[(page - 1) * size_ : page * size_],
        "totalCount": len(rows),
    }


def _integrated_row(result: Result, filing: Filing) -> dict[str, object]:
    paper, at, company = filing.paper, filing.nse_at, result.company
    revised = paper.version > 0
    pdf = filings.pdf_url(filing)
    real = pdf is not None and not pdf.endswith("/null")
    kilobytes = size(filings.statement_of(filing)) / 1024 if real else 0.0
    return {
        "seq_Id": str(filing.sequence),
        "symbol": company.symbol(at.date()),
        "cmName": company.name,
        "smName": company.name,
        "type": "Integrated Filing- Financials",
        "qe_Date": f"{result.quarter.end:%d-%b-%Y}".upper(),
        "consolidated": paper.basis,
        "audited": "Un-Audited",
        "broadcast_Date": f"{at:{_STAMP}}",
        "revised_Date": f"{at:{_STAMP}}" if revised else None,
        "revision_Remark": "Typographical error in figures" if revised else None,
        "xbrl": filings.xbrl_url(filing),
        "ixbrl": filings.inline_url(filing),
        "pdf_attach": pdf,
        "attFileSize": f"{kilobytes:.2f} KB" if real else "0 Bytes",
    }


def legacy(world: World, query: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """``corporates-financial-results``, to the December 2024 quarter."""
    wanted = query.get("symbol", "")
    # Without a period the endpoint says nothing at all.
    if query.get("period") != "Quarterly":
        return
    for one in filings.legacy(world):
        if wanted in {"", one.symbol, one.company.nse}:
            yield _legacy_row(one)


def _legacy_row(one: OldFiling) -> dict[str, object]:
    quarter, at = one.quarter, one.at
    known = one.paper is not None
    year = quarter.fiscal_year
    start, end = f"{quarter.start:%d-%b-%Y}", f"{quarter.end:%d-%b-%Y}"
    basis = "NN" if one.basis == STANDALONE else "CN"
    return {
        "symbol": one.symbol,
        "companyName": one.company.name,
        "industry": "-",
        "audited": "Unaudited" if one.company.series == "SM" else "Un-Audited",
        "cumulative": "Non-cumulative",
        "indAs": "Ind-AS New",
        "reInd": "N",
        "period": "Quarterly",
        "relatingTo": f"{_ORDINALS[quarter.number - 1]} Quarter",
        "financialYear": f"01-Apr-{year - 1} To 31-Mar-{year}",
        "filingDate": f"{at:%d-%b-%Y %H:%M}",
        "seqNumber": str(one.sequence),
        "bank": "N",
        "fromDate": start,
        "toDate": end,
        "oldNewFlag": "N",
        "xbrl": one.url,
        "format": "New" if known else "Old",
        "params": f"{start}{end}Q{quarter.number}UN{basis}NE{one.symbol}",
        "resultDescription": None,
        "resultDetailedDataLink": None,
        "exchdisstime": f"{at + timedelta(seconds=34):{_STAMP}}",
        "difference": "00:00:34",
        "consolidated": "Non-Consolidated"
        if one.basis == STANDALONE
        else "Consolidated",
        "broadCastDate": f"{at:{_STAMP}}",
        "isin": one.company.isin,
    }
