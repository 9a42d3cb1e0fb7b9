"""The review queue: what waits for a person, what people decided, and its effect.

Decisions are rows that are only ever added. The statements in effect are made of what
the reader read and of the decisions, the same way after a decision as after a document
was read again.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from dexter.domain.decision import Case, Decision
from dexter.domain.filing import Review
from dexter.domain.moment import IST
from dexter.errors import UsageError
from dexter.store import tables as t
from dexter.store.codec import read_statement, statement_text
from dexter.store.database import Database
from dexter.store.decided import Entry, entries, nothing_read, rejection, standing
from dexter.store.decisions import add, decisions
from dexter.store.filings import as_filing
from dexter.store.keeping import keep

_SHORT = 8
_ID = re.compile(r"([0-9a-f]{6,64})(?:-([1-9]\d{0,3}))?")


class UnknownReviewError(UsageError):
    """No statement goes by that id."""

    @classmethod
    def nowhere(cls, text: str) -> "UnknownReviewError":
        """Nothing kept has it."""
        return cls(
            f"No kept statement goes by {text!r}.",
            "See what waits with `dexter extract review`, everything with --all.",
        )

    @classmethod
    def several(cls, text: str, ids: Sequence[str]) -> "UnknownReviewError":
        """It names more than one."""
        return cls(f"{text!r} names {len(ids)} statements.", f"Say {', '.join(ids)}.")


class MovedReviewError(UsageError):
    """Somebody decided, or the document was read again, in the meantime."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} changed while you looked at it.", "Look again, then decide."
        )


class Reviews:
    """The queue of one home."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cases(
        self, company: str | None = None, *, everything: bool = False
    ) -> tuple[Case, ...]:
        """What waits for a person, newest documents first.

        Args:
            company: only documents whose company, ticker or file name has this in it.
            everything: also what is accepted or rejected.
        """
        table = t.filings
        query = sa.select(table, t.companies.c.name.label("named")).outerjoin(
            t.companies, t.companies.c.symbol == table.c.symbol
        )
        if not everything:
            waiting = sa.select(t.statements.c.sha256).where(
                t.statements.c.status == Review.REVIEW.value
            )
            unread = table.c.status == Review.REVIEW.value
            query = query.where(sa.or_(table.c.sha256.in_(waiting), unread))
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
            found = [
                case
                for row in rows
                if company is None or _about(row, company)
                for case in _cases(connection, row)
                if everything or case.status is Review.REVIEW
            ]
        return tuple(sorted(found, key=_newest))

    def find(self, text: str) -> tuple[Case, ...]:
        """The statement of an id; every statement of a document named without one.

        Raises:
            UnknownReviewError: nobody goes by it, or several documents do.
        """
        match = _ID.fullmatch(text.strip().lower())
        if match is None:
            raise UnknownReviewError.nowhere(text)
        prefix, number = match.groups()
        like = t.filings.c.sha256.like(f"{prefix}%")
        query = (
            sa.select(t.filings, t.companies.c.name.label("named"))
            .outerjoin(t.companies, t.companies.c.symbol == t.filings.c.symbol)
            .where(like)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
            if len(rows) > 1:
                longer = [row["sha256"][:16] for row in rows]
                raise UnknownReviewError.several(text, longer)
            cases = [case for row in rows for case in _cases(connection, row)]
        if number is not None:
            cases = [case for case in cases if case.ordinal == int(number) - 1]
        if not cases:
            raise UnknownReviewError.nowhere(text)
        return tuple(cases)

    def decide(self, case: Case, decision: Decision) -> None:
        """Keep a decision and put it into effect, both or neither.

        Raises:
            MovedReviewError: the statement is no longer the one of the case.
        """
        sha256 = case.filing.sha256
        with self._database.write() as connection:
            _keep_readings(connection, sha256)
            now = {one.ordinal: one for one in _entries(connection, sha256)}
            if case.ordinal is not None and decision.ordinal is not None:
                held = now.get(case.ordinal)
                if held is None or standing(held) != case.statement:
                    raise MovedReviewError(case.filing.name)
            elif case.ordinal is None and now:
                raise MovedReviewError(case.filing.name)
            add(connection, decision)
            _put_into_effect(connection, sha256)


def keep_decisions(connection: Connection, hashes: Iterable[str]) -> None:
    """After documents were read again: people's decisions on them stand.

    Args:
        connection: Inside the transaction that kept the fresh statements.
        hashes: The documents that were read.
    """
    wanted = sorted(set(hashes))
    query = sa.select(t.reviews.c.sha256).where(t.reviews.c.sha256.in_(wanted))
    for sha256 in connection.scalars(query.distinct()).all():
        connection.execute(sa.delete(t.readings).where(t.readings.c.sha256 == sha256))
        _copy(connection, sha256)
        _put_into_effect(connection, sha256)


def _keep_readings(connection: Connection, sha256: str) -> None:
    """Before the first decision: what the reader said, put aside."""
    which = sa.select(t.reviews.c.number).where(t.reviews.c.sha256 == sha256)
    if connection.scalar(which.limit(1)) is None:
        connection.execute(sa.delete(t.readings).where(t.readings.c.sha256 == sha256))
        _copy(connection, sha256)


def _copy(connection: Connection, sha256: str) -> None:
    kept = t.statements.c
    said = sa.select(kept.sha256, kept.ordinal, kept.body).where(kept.sha256 == sha256)
    names = ["sha256", "ordinal", "body"]
    connection.execute(sa.insert(t.readings).from_select(names, said))


def _put_into_effect(connection: Connection, sha256: str) -> None:
    """Write the statements in effect, and what they make of their document."""
    found = _entries(connection, sha256)
    if any(one.decision for one in found):
        mine = t.statements.c.sha256 == sha256
        connection.execute(sa.delete(t.statements).where(mine))
        keep(connection, t.statements, [_statement_row(sha256, one) for one in found])
    said = [standing(one) for one in found]
    statuses = {one.status for one in said}
    best = next((s for s in (Review.ACCEPTED, Review.REVIEW) if s in statuses), None)
    reasons = [
        f"page {one.page}: {one.reason}" if one.page else one.reason
        for one in said
        if one.reason
    ]
    if not found:
        reasons = [rejection(decisions(connection, sha256)[-1])]
    values: dict[str, object] = {
        "status": (best or Review.REJECTED).value,
        "reason": "; ".join(dict.fromkeys(reasons)) or None,
    }
    symbols = [
        one.decision.statement.symbol
        for one in found
        if one.decision and one.decision.statement and one.decision.statement.symbol
    ]
    if symbols:
        values["own_symbol"] = symbols[-1]
    document = t.filings.c.sha256 == sha256
    connection.execute(sa.update(t.filings).where(document).values(**values))


def _statement_row(sha256: str, entry: Entry) -> dict[str, object]:
    one = standing(entry)
    return {
        "sha256": sha256,
        "ordinal": entry.ordinal,
        "period_end": one.period_end,
        "basis": one.basis.value if one.basis else None,
        "status": one.status.value,
        "grade": one.grade.value,
        "body": statement_text(one),
    }


def _entries(connection: Connection, sha256: str) -> tuple[Entry, ...]:
    kept = t.readings.c
    query = sa.select(kept.ordinal, kept.body).where(kept.sha256 == sha256)
    decided = decisions(connection, sha256)
    if not decided:
        kept = t.statements.c
        query = sa.select(kept.ordinal, kept.body).where(kept.sha256 == sha256)
    rows = connection.execute(query.order_by(kept.ordinal)).all()
    return entries([(row.ordinal, read_statement(row.body)) for row in rows], decided)


def _cases(connection: Connection, row: RowMapping) -> list[Case]:
    sha256 = row["sha256"]
    filing, named = as_filing(row), row["named"] or row["company"]
    decided = decisions(connection, sha256)
    whole = tuple(one for one in decided if one.ordinal is None)
    found = _entries(connection, sha256)
    if not found:
        nothing = nothing_read(row["symbol"], named)
        short = sha256[:_SHORT]
        return [Case(short, filing, named, None, nothing, None, whole)]
    cases = []
    for one in found:
        chain = one.decision.chain if one.decision else None
        history = tuple(d for d in decided if d.ordinal is None or d.chain == chain)
        name = f"{sha256[:_SHORT]}-{one.ordinal + 1}"
        statement = standing(one)
        cases.append(
            Case(
                name,
                filing,
                named or statement.company,
                one.ordinal,
                statement,
                one.reading,
                history,
            )
        )
    return cases


def _about(row: RowMapping, text: str) -> bool:
    wanted = text.strip().lower()
    said = (row["named"], row["company"], row["symbol"], row["name"])
    return any(wanted in str(one).lower() for one in said if one)


def _newest(case: Case) -> tuple[float, str, str]:
    """Newest first: by publication, else by the period; unknown ones last."""
    at, end = case.filing.known_at, case.statement.period_end
    if at is None and end is not None:
        at = datetime(end.year, end.month, end.day, tzinfo=IST)
    since = -at.timestamp() if at else 0.0
    return since, case.filing.name, case.id
