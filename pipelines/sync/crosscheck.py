"""Closes of the exchanges against Yahoo's; a difference is told, never repaired."""

from dexter.domain.moment import IST, AsOf
from dexter.errors import SourceError
from dexter.sources.opened import Sources
from dexter.store.collected import State, Unit
from dexter.store.database import Database
from dexter.store.prices import ParquetPrices
from pipelines.ingest.intake import BSE
from pipelines.sync.report import SyncTally, Trouble
from pipelines.sync.units import Scope

_YAHOO, _CLOSES = "Yahoo", "closes"
_DIFFERS = 0.005
_EVERY_SESSION = 10_000


async def cross_check(
    sources: Sources, database: Database, scope: Scope, tally: SyncTally
) -> int:
    """Compare the companies asked for by name; how many closes were compared.

    Yahoo adjusts closes for splits even where it is asked not to, so ours are compared
    adjusted to the latest bar. Half a per cent is the most they may differ by.
    """
    prices, compared = ParquetPrices(database), 0
    as_of = AsOf(scope.now.astimezone(IST), explicit=True)
    for symbol in scope.companies:
        ours = await prices.history(symbol, as_of, _EVERY_SESSION)
        try:
            theirs = await sources.yahoo.bars(_ticker(symbol), scope.first, scope.last)
        except SourceError as error:
            unit = Unit(_YAHOO, _CLOSES, symbol)
            tally.troubles.append(Trouble(unit, State(error.state), error.sentence))
            continue
        closes = {bar.day: bar.close for bar in theirs}
        for day, close, factor in (
            zip(ours.sessions, ours.close, ours.factor, strict=True) if ours else ()
        ):
            other = closes.get(day)
            if other is None:
                continue
            compared += 1
            if abs(other / (close * factor) - 1) > _DIFFERS:
                said = f"the exchange closed {symbol} at {close}, Yahoo says {other:g}."
                unit = Unit(_YAHOO, _CLOSES, f"{symbol} {day}", day)
                tally.troubles.append(Trouble(unit, State.DONE, said))
    return compared


def _ticker(symbol: str) -> str:
    """Yahoo's name of a company: its scrip code at BSE where NSE has none."""
    if symbol.startswith(BSE):
        return f"{symbol.removeprefix(BSE)}.BO"
    return f"{symbol}.NS"
