"""One company, one key: the latest ticker, reached from any former one."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.store.tables import renames


def canon(connection: Connection, symbol: str) -> str:
    """The latest ticker of a ticker; itself when it was never renamed."""
    text = symbol.strip().upper()
    query = sa.select(renames.c.new).where(renames.c.old == text)
    return connection.scalar(query) or text


def closed(changes: Mapping[str, str]) -> dict[str, str]:
    """Renames followed to their end: ``A→B, B→C`` gives ``A→C, B→C``.

    A cycle (a ticker taken back) ends where it would start again.
    """
    ends: dict[str, str] = {}
    for old in changes:
        seen, now = {old}, old
        while now in changes and changes[now] not in seen:
            now = changes[now]
            seen.add(now)
        if now != old:
            ends[old] = now
    return ends
