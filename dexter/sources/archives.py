"""The exchanges' files of a day: bars, deliveries, bands, ticks, index closes.

A day's address changed when both exchanges took up the common format (UDiFF).
"""

from collections.abc import Sequence
from datetime import date

from dexter.errors import NotYetPublishedError
from dexter.sources.config import SourceConfig
from dexter.sources.host import Host
from dexter.sources.payload import Payload
from dexter.sources.reading import read
from dexter.sources.wire import Kind

UDIFF_FROM = date(2024, 7, 8)


class Archives:
    """Files of both exchanges, as payloads of cells by trimmed column name.

    Every method raises ``NotYetPublishedError`` for a holiday or a file to come,
    ``UnreadPayloadError`` for a file of another day or shape, and what ``Host.fetch``
    raises. All series are kept; what is wanted of them is the caller's to say.

    Args:
        nse: ``nsearchives.nseindia.com``.
        bse: ``www.bseindia.com``.
        config: Where each file lies.
    """

    def __init__(self, nse: Host, bse: Host, config: SourceConfig) -> None:
        self._nse = nse
        self._bse = bse
        self._config = config

    async def nse_bars(self, day: date) -> Payload:
        """The bhavcopy: UDiFF from 8 July 2024, the older format before."""
        key = "nse_bars" if day >= UDIFF_FROM else "nse_bars_older"
        return await self._of_day("nse bars", self._nse, [(key, Kind.ZIP)], day)

    async def nse_delivery(self, day: date) -> Payload:
        """Prices with delivered shares (``sec_bhavdata_full``), since about 2020."""
        asked = [("nse_delivery", Kind.CSV)]
        return await self._of_day("nse delivery", self._nse, asked, day)

    async def nse_bands(self, day: date) -> Payload:
        """The price band list dated ``day``; it does not say its day itself."""
        asked = [("nse_bands", Kind.CSV)]
        return await self._of_day("nse bands", self._nse, asked, day)

    async def nse_band_changes(self, day: date) -> Payload:
        """Bands that change on ``day``; without rows when it says NIL."""
        asked = [("nse_band_changes", Kind.CSV)]
        return await self._of_day("nse band changes", self._nse, asked, day)

    async def nse_securities(self, day: date) -> Payload:
        """The security master, with tick sizes."""
        asked = [("nse_securities", Kind.GZIP)]
        return await self._of_day("nse securities", self._nse, asked, day)

    async def nse_indices(self, day: date) -> Payload:
        """Closes of every index."""
        asked = [("nse_indices", Kind.CSV)]
        return await self._of_day("nse indices", self._nse, asked, day)

    async def nse_equities(self) -> Payload:
        """Every listed equity with its ISIN."""
        return await self._current("nse equity list", "nse_equities")

    async def nse_symbol_changes(self) -> Payload:
        """Every renaming of a symbol."""
        return await self._current("nse symbol changes", "nse_symbol_changes")

    async def bse_bars(self, day: date) -> Payload:
        """The bhavcopy: UDiFF from 8 July 2024, two older formats before."""
        asked = [("bse_bars", Kind.CSV)]
        if day < UDIFF_FROM:
            asked = [("bse_bars_older", Kind.ZIP), ("bse_bars_oldest", Kind.ZIP)]
        return await self._of_day("bse bars", self._bse, asked, day)

    async def bse_delivery(self, day: date) -> Payload:
        """Delivered shares by scrip code."""
        asked = [("bse_delivery", Kind.ZIP)]
        return await self._of_day("bse delivery", self._bse, asked, day)

    async def _of_day(
        self, dataset: str, host: Host, asked: Sequence[tuple[str, Kind]], day: date
    ) -> Payload:
        for key, kind in asked:
            try:
                answer = await host.fetch(self._config.path(key, day), kind=kind)
            except NotYetPublishedError:
                continue
            return read(dataset, day.isoformat(), answer.url, answer.body, day=day)
        raise NotYetPublishedError(host.name, f"its {dataset} of {day}")

    async def _current(self, dataset: str, key: str) -> Payload:
        answer = await self._nse.fetch(
            self._config.path(key), kind=Kind.CSV, cache=True
        )
        return read(dataset, "current", answer.url, answer.body)
