"""BSE: announcements, calendar, scrips, results index, and the files they point to.

Source of addresses, parameters and shapes: ``sources.toml`` and ``shapes.json``.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType

from dexter.errors import NotYetPublishedError, SourceShapeError
from dexter.sources.config import SourceConfig
from dexter.sources.download import Download
from dexter.sources.host import Host
from dexter.sources.moments import day_of
from dexter.sources.names import last_part, undoubled
from dexter.sources.paging import every_page
from dexter.sources.payload import Payload, Record, UnreadPayloadError
from dexter.sources.reading import read, read_page
from dexter.sources.wire import Kind

_TIMES = ("NEWS_DT", "DT_TM", "DissemDT")


class Bse:
    """BSE's undocumented JSON API and its files.

    Args:
        api: ``api.bseindia.com``.
        files: ``www.bseindia.com``.
        config: Where each endpoint lies.
    """

    def __init__(self, api: Host, files: Host, config: SourceConfig) -> None:
        self._api = api
        self._files = files
        self._config = config

    async def announcements(
        self,
        day: date,
        scrip: str | None = None,
        kept: Mapping[str, Payload] = MappingProxyType({}),
    ) -> AsyncIterator[Payload]:
        """Everything announced on an Indian day, page after page, newest first.

        A row may come twice, told by its NEWSID; see ``every_page``. A day without
        announcements is one payload without rows.

        Args:
            day: The day.
            scrip: Only of this scrip code.
            kept: Pages at hand by their ``unit``, which are not asked for again. Only
                good for a day that is over: until then pages move.

        Raises:
            SourceUnavailableError: It speaks of more rows than it shows.
            UnreadPayloadError: A changed shape, or rows that were not asked for.
            SourceError: As ``Host.fetch``.
        """
        pages = every_page(
            lambda number: self._page(day, number, scrip, kept),
            lambda row: (row["NEWSID"], row["SCRIP_CD"]),
            self._api.name,
            f"announcements of {day}",
        )
        async for payload in pages:
            yield payload

    async def _page(
        self, day: date, number: int, scrip: str | None, kept: Mapping[str, Payload]
    ) -> tuple[Payload, int]:
        unit = f"{day} {scrip} page {number}" if scrip else f"{day} page {number}"
        if before := kept.get(unit):
            dataset, url, content = before.dataset, before.url, before.content
            payload, total = read_page(dataset, unit, url, content)
            return payload, total or 0
        asked = {
            "pageno": str(number),
            "strCat": "-1",
            "subcategory": "-1",
            "strPrevDate": f"{day:%Y%m%d}",
            "strToDate": f"{day:%Y%m%d}",
            "strScrip": scrip or "",
            "strSearch": "P",
            "strType": "C",
        }
        answer = await self._api.fetch(
            self._config.path("bse_announcements"), asked, kind=Kind.JSON
        )
        payload, total = read_page("bse announcements", unit, answer.url, answer.body)
        why = _unasked(payload.records, day, scrip)
        if why:
            odd = SourceShapeError(self._api.name, "announcements", why)
            raise UnreadPayloadError(payload, odd)
        return payload, total or 0

    async def result_calendar(
        self, first: date | None = None, last: date | None = None
    ) -> Payload:
        """Board meetings that will consider results; all that are known, or a range.

        Raises:
            SourceError: As ``announcements``.
        """
        asked = {}
        if first and last:
            asked = {"fromdate": f"{first:%Y%m%d}", "todate": f"{last:%Y%m%d}"}
        unit = f"{first} to {last}" if asked else "all"
        return await self._one("bse result calendar", unit, asked)

    async def scrips(self) -> Payload:
        """The scrip master: every active equity with its ISIN.

        Raises:
            SourceUnavailableError: It came empty, which it never is.
            SourceError: As ``announcements``.
        """
        asked = {
            "Group": "",
            "Scripcode": "",
            "industry": "",
            "segment": "Equity",
            "status": "Active",
        }
        return await self._one("bse scrip master", "all", asked, cache=True)

    async def results_index(self, scrip: str) -> Payload:
        """Which results a company filed as XBRL, and under which file names.

        Raises:
            SourceError: As ``announcements``.
        """
        asked = {
            "SCRIP_CD": scrip,
            "FlagDur": "7",
            "HFQ": "",
            "ISUBGROUP_CODE": "",
            "segment": "C",
        }
        payload = await self._one("bse results index", scrip, asked)
        for row in payload.records:
            if str(row["Scrip_cd"]) != scrip:
                why = f"rows of {row['Scrip_cd']} came where {scrip} was asked"
                odd = SourceShapeError(self._api.name, "results index", why)
                raise UnreadPayloadError(payload, odd)
        return payload

    async def _one(
        self, dataset: str, unit: str, asked: Mapping[str, str], *, cache: bool = False
    ) -> Payload:
        path = self._config.path(_KEYS[dataset])
        answer = await self._api.fetch(path, asked, kind=Kind.JSON, cache=cache)
        return read(dataset, unit, answer.url, answer.body)

    async def attachment(self, name: str, folder: Path) -> Download:
        """A PDF by its ATTACHMENTNAME: among the live ones, then among the older.

        Raises:
            NotYetPublishedError: It is in neither.
            SourceShapeError: The name is none, or what came is no PDF.
            SourceError: As ``Host.download``.
        """
        part = last_part(self._files.name, name)
        for spelled in dict.fromkeys((part, undoubled(part))):
            for key in ("bse_attachment_live", "bse_attachment_history"):
                path = self._config.path(key, name=spelled)
                try:
                    return await self._files.download(path, folder, kind=Kind.PDF)
                except NotYetPublishedError:
                    continue
        raise NotYetPublishedError(self._files.name, f"the attachment {part}")

    async def xbrl(self, name: str, folder: Path) -> Download:
        """An XBRL file by its XMLName: XML, or HTML with the figures inside it.

        Raises:
            SourceError: As ``attachment``.
        """
        part = last_part(self._files.name, name)
        path = self._config.path("bse_xbrl", name=part)
        return await self._files.download(path, folder, kind=Kind.XML)


_KEYS = {
    "bse result calendar": "bse_result_calendar",
    "bse scrip master": "bse_scrips",
    "bse results index": "bse_results_index",
}


def _unasked(rows: Sequence[Record], day: date, scrip: str | None) -> str:
    """Why these are not the rows that were asked for, or nothing."""
    for row in rows:
        if scrip is not None and str(row["SCRIP_CD"]) != scrip:
            return f"rows of {row['SCRIP_CD']} came where {scrip} was asked"
    other = [row for row in rows if day not in {day_of(row.get(n)) for n in _TIMES}]
    if 2 * len(other) > len(rows):
        return f"rows of {other[0]['NEWS_DT']} came where {day} was asked"
    return ""
