"""One name per company, whatever a list or the operator's file calls it."""

from collections.abc import Iterable, Mapping

from sqlalchemy.engine import Connection

from dexter.store.database import Database
from dexter.store.identity import closed
from dexter.store.keeping import load_renames
from pipelines.ingest.payload_rows import bse_key
from pipelines.ingest.settle import scrip_codes


class Names:
    """The ticker of every former ticker and of every scrip code that has one."""

    def __init__(self, latest: Mapping[str, str]) -> None:
        self._latest = latest

    @classmethod
    def of(cls, connection: Connection) -> "Names":
        """As the lists of a home have them now."""
        told = {**load_renames(connection), **scrip_codes(connection)}
        return cls(closed(told))

    @classmethod
    def here(cls, database: Database) -> "Names":
        """As :meth:`of`, in a reading of its own."""
        with database.read() as connection:
            return cls.of(connection)

    def __call__(self, symbol: str) -> str:
        """What filings of a company are kept under; a bare number is a scrip code."""
        key = bse_key(symbol) if symbol.isdecimal() else symbol
        return self._latest.get(key, key)

    def all(self, symbols: Iterable[str]) -> frozenset[str]:
        """Several at once."""
        return frozenset(map(self, symbols))
