"""How much of each company is traded in a day: who is first, and what rules ask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dexter.store.database import Database
from dexter.store.price_list import listed
from dexter.store.recent_bars import bars_since
from pipelines.daily.names import Names

SESSIONS = 20
Weighed = tuple[bool, Decimal, str]


@dataclass(frozen=True, slots=True)
class Weight:
    """Who comes first: the watched, then those of whom most is traded.

    Args:
        watched: Symbols on the operator's list.
        traded: Rupees a day by symbol.
    """

    watched: frozenset[str]
    traded: Mapping[str, Decimal]

    def __call__(self, symbol: str) -> Weighed:
        """A key to sort by, the heaviest first."""
        turnover = self.traded.get(symbol, Decimal(0))
        return symbol not in self.watched, -turnover, symbol


def weight_of(database: Database, watched: Iterable[str], day: date) -> Weight:
    """Who comes first on a day.

    Args:
        database: The home's.
        watched: Symbols as the operator's file has them: former ones, scrip codes too.
        day: Bars of the sessions before it count.

    Raises:
        StoreError: database or bars do not read.
    """
    return Weight(Names.here(database).all(watched), turnovers(database, day))


_DAYS = 45  # hold so many sessions, holidays and all


def turnovers(database: Database, day: date) -> Mapping[str, Decimal]:
    """Median turnover in rupees over the last 20 sessions before a day, by symbol.

    Companies without a bar in them are left out; those with fewer bars are judged by
    what there is.

    Raises:
        StoreCorruptError: a file of bars does not read.
    """
    with database.read() as connection:
        files = listed(connection)
    bars = bars_since(database.home, files, day - timedelta(days=_DAYS))
    table = bars.select(["canon", "date", "turnover"]).to_pandas()
    table = table[table["date"] < day]
    days = sorted(table["date"].unique())[-SESSIONS:]
    if not days:
        return {}
    recent = table.loc[table["date"] >= days[0], ["canon", "turnover"]]
    median = recent.groupby("canon")["turnover"].median()
    return {
        str(symbol): Decimal(round(value)) for symbol, value in median.dropna().items()
    }
