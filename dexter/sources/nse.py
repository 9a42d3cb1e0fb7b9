"""NSE: announcements, meetings, results, actions, quotes, hitters, holidays.

Source of addresses, parameters and shapes: ``sources.toml`` and ``shapes.json``.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from dexter.errors import SourceShapeError
from dexter.sources.config import SourceConfig
from dexter.sources.download import Download
from dexter.sources.host import Host
from dexter.sources.moments import day_of, written
from dexter.sources.nse_session import NseSession
from dexter.sources.paging import every_page
from dexter.sources.payload import Payload, UnreadPayloadError
from dexter.sources.reading import read, read_page
from dexter.sources.text import shown
from dexter.sources.wire import Kind

_PAGE_ROWS = "1000"
_FINANCIALS = "Integrated Filing- Financials"
_IDENTITY = (
    *("seq_Id", "symbol", "qe_Date"),
    *("consolidated", "broadcast_Date", "type"),
)
# Inline XBRL is HTML by its name, and XML by its content.
_DOCUMENTS = {
    ".pdf": Kind.PDF,
    ".xml": Kind.XML,
    ".html": Kind.XML,
    ".htm": Kind.XML,
    ".zip": Kind.ZIP,
}


class Nse:
    """NSE's undocumented JSON API, behind its cookie session, and its documents.

    Every method raises ``SourceBlockedError`` when a fresh session is refused too,
    ``UnreadPayloadError`` for a changed shape, and what ``Host.fetch`` raises. A day
    without anything is a payload without rows.

    Args:
        site: ``www.nseindia.com``.
        archives: ``nsearchives.nseindia.com``.
        config: Where each endpoint lies.
    """

    def __init__(self, site: Host, archives: Host, config: SourceConfig) -> None:
        self._site = site
        self._archives = archives
        self._config = config
        pages = (config.path("nse_home"), config.path("nse_warm_up"))
        self._session = NseSession(site, pages)

    async def announcements(
        self,
        first: date,
        last: date,
        symbol: str | None = None,
        index: Literal["equities", "sme"] = "equities",
    ) -> Payload:
        """All announcements of a range of days, both ends included."""
        asked = {"index": index, **_range(first, last)}
        if symbol:
            asked["symbol"] = symbol
        unit = _unit(first, last, symbol)
        if index != "equities":
            unit = f"{unit} {index}"
        payload = await self._one("nse announcements", unit, asked)
        if symbol:
            _only(payload, "symbol", symbol)
        return _within(payload, "an_dt", first, last)

    async def board_meetings(self, first: date, last: date) -> Payload:
        """Board meetings by the day they were announced or are held."""
        asked = {"index": "equities", **_range(first, last)}
        return await self._one("nse board meetings", _unit(first, last), asked)

    async def event_calendar(self) -> Payload:
        """What companies have announced for the days ahead."""
        return await self._one("nse event calendar", "all", {"index": "equities"})

    async def integrated_results(
        self, first: date, last: date
    ) -> AsyncIterator[Payload]:
        """Results filed in a range of days, newest first, page after page.

        Raises:
            SourceUnavailableError: It counts more filings than it shows.
        """
        pages = every_page(
            lambda number: self._results_page(first, last, number),
            lambda row: tuple(str(row.get(name)) for name in _IDENTITY),
            self._site.name,
            "integrated filings",
        )
        async for payload in pages:
            yield payload

    async def _results_page(
        self, first: date, last: date, number: int
    ) -> tuple[Payload, int]:
        asked = {
            "index": "equities",
            "type": _FINANCIALS,
            **_range(first, last),
            "page": str(number),
            "size": _PAGE_ROWS,
        }
        unit = f"{_unit(first, last)} page {number}"
        answer = await self._session.fetch(
            self._config.path("nse_integrated_results"),
            asked,
            referer=self._config.path("nse_page_integrated_results"),
        )
        payload, total = read_page(
            "nse integrated results", unit, answer.url, answer.body
        )
        return payload, total or 0

    async def legacy_results(self, symbol: str) -> Payload:
        """Quarterly results of a company up to December 2024, where the list ends."""
        asked = {"index": "equities", "period": "Quarterly", "symbol": symbol}
        payload = await self._one("nse legacy results", symbol, asked)
        return _only(payload, "symbol", symbol)

    async def corporate_actions(
        self, first: date, last: date, index: Literal["equities", "mf"] = "equities"
    ) -> Payload:
        """Dividends, splits, bonuses by ex-date; funds are in ``mf``."""
        asked = {"index": index, **_range(first, last)}
        unit = f"{_unit(first, last)} {index}"
        return await self._one("nse corporate actions", unit, asked)

    async def quote(self, symbol: str) -> Payload:
        """One row of a symbol's quote, its objects flattened (``metaData.open``).

        Raises:
            NotYetPublishedError: It knows no such symbol.
        """
        asked = {
            "functionName": "getSymbolData",
            "marketType": "N",
            "series": "EQ",
            "symbol": symbol,
        }
        payload = await self._one("nse quote", symbol, asked)
        return _only(payload, "metaData.symbol", symbol)

    async def band_hitters(self) -> Payload:
        """Who is at its price band now, each row with its ``side``.

        ``side`` is ``upper``, ``lower`` or ``both``.
        """
        return await self._one("nse band hitters", "now", {})

    async def holidays(self) -> Payload:
        """Trading holidays of the year, each row with its ``segment`` (CM: shares)."""
        return await self._one("nse holidays", "current", {"type": "trading"})

    async def document(self, url: str, folder: Path) -> Download:
        """A filed document by the URL a payload gives.

        Raises:
            SourceShapeError: A placeholder (``/null``, ``/-``), or a URL of others.
            NotYetPublishedError: It is not there.
            SourceError: As ``Host.download``.
        """
        name = url.rsplit("/", 1)[-1].lower()
        if name in {"", "-", "null"}:
            why = f"{shown(url, 200)} is a placeholder"
            raise SourceShapeError(self._archives.name, "document addresses", why)
        kind = _DOCUMENTS.get(f".{name.rsplit('.', 1)[-1]}", Kind.ANY)
        home = f"{self._site.config.home}/"
        host = self._site if url.startswith(home) else self._archives
        return await host.download(url, folder, kind=kind)

    async def _one(self, dataset: str, unit: str, asked: Mapping[str, str]) -> Payload:
        key = dataset.removeprefix("nse ").replace(" ", "_")
        answer = await self._session.fetch(
            self._config.path(f"nse_{key}"),
            asked,
            referer=self._config.path(f"nse_page_{key}"),
        )
        return read(dataset, unit, answer.url, answer.body)


def _range(first: date, last: date) -> dict[str, str]:
    return {
        "from_date": written(first, "dd-mm-yyyy"),
        "to_date": written(last, "dd-mm-yyyy"),
    }


def _unit(first: date, last: date, symbol: str | None = None) -> str:
    days = f"{first}" if first == last else f"{first} to {last}"
    return f"{days} {symbol}" if symbol else days


def _within(payload: Payload, field: str, first: date, last: date) -> Payload:
    """The payload, unless most of its rows are of other days than were asked for.

    Raises:
        UnreadPayloadError: They are: the parameters are no longer understood.
    """
    days = [day_of(row.get(field)) for row in payload.records]
    others = [day for day in days if day is None or not first <= day <= last]
    if 2 * len(others) > len(days):
        why = f"rows of {others[0]} came where {_unit(first, last)} was asked"
        odd = SourceShapeError("NSE", payload.dataset.removeprefix("nse "), why)
        raise UnreadPayloadError(payload, odd)
    return payload


def _only(payload: Payload, field: str, symbol: str) -> Payload:
    """The payload, unless it holds rows of another symbol than the one asked for.

    Raises:
        UnreadPayloadError: It does: the parameter is no longer understood.
    """
    for row in payload.records:
        if str(row.get(field, symbol)).upper() != symbol.upper():
            why = f"rows of {shown(row[field])} came where {symbol} was asked"
            odd = SourceShapeError("NSE", payload.dataset.removeprefix("nse "), why)
            raise UnreadPayloadError(payload, odd)
    return payload
