"""What a document is called and says of its sender, kept beside it."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.domain.identity import Identity
from dexter.store import tables as t
from dexter.store.codec import identity_text
from dexter.store.keeping import Row, keep, keep_new
from pipelines.ingest.cells import base_name

_CHUNK = 400


def keep_identities(
    connection: Connection, said: Iterable[tuple[str, Identity | None]]
) -> None:
    """Keep who documents say they are from, by their hash; a new reading replaces."""
    known = dict(said)
    rows: list[Row] = [
        {"sha256": sha256, "body": identity_text(identity)}
        for sha256, identity in known.items()
        if identity is not None
    ]
    connection.execute(
        sa.delete(t.identities).where(t.identities.c.sha256.in_(list(known)))
    )
    keep(connection, t.identities, rows)


def senders_of(connection: Connection, hashes: Sequence[str]) -> set[str]:
    """Whose documents these were taken for, before they are read again."""
    f = t.filings.c
    query = sa.select(f.symbol).where(f.sha256.in_(hashes), f.symbol.is_not(None))
    return set(connection.scalars(query))


def keep_names_of(connection: Connection, named: Iterable[tuple[str, str]]) -> int:
    """Keep under which names documents came in; the same bytes are one document.

    Args:
        connection: Inside the transaction to write in.
        named: Hashes with the name of a file of these bytes; a hash nothing is kept
            of is left out.

    Returns:
        How many names were not known.
    """
    wanted = sorted(set(named))
    kept: set[str] = set()
    hashes = sorted({sha256 for sha256, _ in wanted})
    for start in range(0, len(hashes), _CHUNK):
        some = t.filings.c.sha256.in_(hashes[start : start + _CHUNK])
        kept.update(connection.scalars(sa.select(t.filings.c.sha256).where(some)))
    count = sa.select(sa.func.count()).select_from(t.document_names)
    before = connection.scalar(count) or 0
    rows: list[Row] = [
        {
            "sha256": sha256,
            "base_name": base_name(name) or name.rsplit("/", 1)[-1].lower(),
            "name": name.rsplit("/", 1)[-1],
        }
        for sha256, name in wanted
        if sha256 in kept
    ]
    keep_new(connection, t.document_names, rows)
    return (connection.scalar(count) or 0) - before
