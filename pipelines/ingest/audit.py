"""The filings of a company held against each other, after they came in."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.extraction.audit.reconcile import reconcile
from dexter.store import tables as t
from dexter.store.conflicts import forget_differences, replace_differences
from dexter.store.filings import accepted

_PAIR = 2


def audit(connection: Connection, symbols: Collection[str]) -> None:
    """Compare what the companies' filings say; nothing but conflicts is written.

    Made again from what is kept, so doing it twice changes nothing. Also for anybody
    who changes a statement's standing (a review, say), with its company's symbol.
    """
    f = t.filings.c
    several = (
        sa.select(f.symbol)
        .join(t.statements, t.statements.c.sha256 == f.sha256)
        .where(f.symbol.is_not(None))
        .group_by(f.symbol)
        .having(sa.func.count(f.sha256.distinct()) >= _PAIR)
    )
    comparable = set(connection.scalars(several))
    audited = set(connection.scalars(sa.select(t.audits.c.symbol)))
    # A home from before there were audits has companies nobody compared yet.
    for symbol in sorted({*symbols, *(comparable - audited)}):
        if symbol in comparable:
            found = reconcile(accepted(connection, symbol))
            replace_differences(
                connection, symbol, found.differences, compared=found.compared
            )
        elif symbol in audited:
            forget_differences(connection, symbol)
