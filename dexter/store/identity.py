"""One company, one key: the latest ticker, reached from any former one."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.store.tables import renames


def canon(connection: Connection, symbol: str) -> str:
    """The latest ticker of a ticker; itself when it was never renamed."""
    now = symbol.strip().upper()
    seen = {now}
    while True:
        new = connection.scalar(sa.select(renames.c.new).where(renames.c.old == now))
        if new is None or new in seen:
            return now
        seen.add(new)
        now = new


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
