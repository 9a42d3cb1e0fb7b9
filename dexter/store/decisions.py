"""People's decisions as rows, which are only ever added, and back."""

import json

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from dexter.domain.decision import Action, Change, Decision
from dexter.store import tables as t
from dexter.store.codec import read_statement, statement_text


def decisions(connection: Connection, sha256: str) -> tuple[Decision, ...]:
    """Every decision on a document, the first one first."""
    query = sa.select(t.reviews).where(t.reviews.c.sha256 == sha256)
    rows = connection.execute(query.order_by(t.reviews.c.number)).mappings()
    return tuple(_decision(row) for row in rows)


def _decision(row: RowMapping) -> Decision:
    return Decision(
        sha256=row["sha256"],
        number=row["number"],
        chain=row["chain"],
        ordinal=row["ordinal"],
        action=Action(row["action"]),
        by=row["person"],
        at=row["decided_at"],
        because=row["because"],
        changes=tuple(Change(**one) for one in json.loads(row["changes"])),
        reading=read_statement(row["reading"]) if row["reading"] else None,
        statement=read_statement(row["body"]) if row["body"] else None,
    )


def add(connection: Connection, one: Decision) -> None:
    """Add a decision under the next number of its document."""
    mine = t.reviews.c.sha256 == one.sha256
    last = connection.scalar(sa.select(sa.func.max(t.reviews.c.number)).where(mine))
    number = (last or 0) + 1
    seen = one.reading or one.statement
    changes = [
        {"what": c.what, "before": c.before, "after": c.after} for c in one.changes
    ]
    row: dict[str, object] = {
        "sha256": one.sha256,
        "number": number,
        "chain": one.chain or number,
        "ordinal": one.ordinal,
        "page": seen.page if seen else None,
        "basis": seen.basis.value if seen and seen.basis else None,
        "period_end": seen.period_end if seen else None,
        "action": one.action.value,
        "person": one.by,
        "decided_at": one.at,
        "because": one.because,
        "changes": json.dumps(changes, ensure_ascii=False),
        "reading": statement_text(one.reading) if one.reading else None,
        "body": statement_text(one.statement) if one.statement else None,
    }
    connection.execute(sa.insert(t.reviews), row)
