"""What sources sent, byte for byte, so that any parse can be done again.

The bytes lie among the documents by their hash; a row says what they answer. Other
bytes for the same unit are a further row, never a replacement.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.store.keeping import keep
from dexter.store.tables import payloads


@dataclass(frozen=True, slots=True)
class KeptPayload:
    """A payload that was kept: what it answers and when these bytes last came.

    ``rows`` is null when it could not be read; ``outcome`` says how the reading ended.
    """

    source: str
    dataset: str
    unit: str
    sha256: str
    url: str
    fetched_at: datetime
    rows: int | None
    outcome: str


def keep_payload(connection: Connection, payload: KeptPayload) -> None:
    """Note a payload whose bytes are kept already; the last time it came counts."""
    row = {name: getattr(payload, name) for name in payloads.c.keys()}  # noqa: SIM118 - a collection of columns, not a dict
    keep(connection, payloads, [row])


def kept_payloads(
    connection: Connection,
    source: str | None = None,
    dataset: str | None = None,
    unit: str | None = None,
) -> tuple[KeptPayload, ...]:
    """Payloads in the order they last came, of all or of one source, dataset, unit.

    ``unit`` may end in ``*``: then it is the beginning of a name.
    """
    c = payloads.c
    query = sa.select(payloads).order_by(c.fetched_at, c.dataset, c.unit, c.sha256)
    for column, wanted in ((c.source, source), (c.dataset, dataset)):
        if wanted is not None:
            query = query.where(column == wanted)
    if unit is not None:
        start = unit.removesuffix("*")
        whole = start == unit
        query = query.where(c.unit == unit if whole else c.unit.startswith(start))
    return tuple(KeptPayload(**row) for row in connection.execute(query).mappings())
