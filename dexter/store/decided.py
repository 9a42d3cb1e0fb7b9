"""What the reader read and what people decided, made into the statements in effect."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dexter.domain.company import Family
from dexter.domain.decision import Action, Decision
from dexter.domain.filing import Grade, Review
from dexter.domain.moment import IST
from dexter.domain.statement import Check, Statement

_MOST = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement of a document: as read, if it still is, and the last word on it."""

    ordinal: int
    reading: Statement | None
    decision: Decision | None


def nothing_read(symbol: str | None = None, company: str | None = None) -> Statement:
    """The empty statement of a document in which the reader found none."""
    return Statement(
        basis=None,
        family=Family.GENERAL,
        audited=None,
        unit=None,
        period_end=None,
        months=None,
        page=None,
        grade=Grade.C,
        status=Review.REVIEW,
        reason=None,
        columns={},
        symbol=symbol,
        company=company,
    )


def entries(
    readings: Sequence[tuple[int, Statement]], decisions: Sequence[Decision]
) -> tuple[Entry, ...]:
    """Every statement of a document with the decision that holds for it.

    A decision belongs to the reading of the same page, basis and period; where a later
    reading knows a basis or period that was unknown, to the only one on the page. A
    decision whose statement is no longer read keeps its own.
    """
    whole = [one for one in decisions if one.ordinal is None]
    last = {one.chain: one for one in decisions if one.ordinal is not None}
    left = dict(readings)
    found: list[Entry] = []
    lost: list[Decision] = []
    for decision in last.values():
        ordinal = _match(decision, left)
        if ordinal is None:
            lost.append(decision)
        else:
            found.append(Entry(ordinal, left.pop(ordinal), decision))
    found += [Entry(ordinal, reading, None) for ordinal, reading in left.items()]
    taken = {one.ordinal for one in found}
    for decision in lost:
        wanted = decision.ordinal or 0
        ordinal = wanted if wanted not in taken else max(taken) + 1
        taken.add(ordinal)
        found.append(Entry(ordinal, None, decision))
    latest = whole[-1] if whole else None
    return tuple(_under(one, latest) for one in sorted(found, key=lambda e: e.ordinal))


def _under(entry: Entry, whole: Decision | None) -> Entry:
    """A decision about the whole document holds until a later one about a statement."""
    if whole is None:
        return entry
    if entry.decision is not None and entry.decision.number > whole.number:
        return entry
    mine = entry.decision
    statement = mine.statement if mine else None
    chain = mine.chain if mine else whole.chain
    return replace(entry, decision=replace(whole, chain=chain, statement=statement))


def _match(decision: Decision, left: dict[int, Statement]) -> int | None:
    seen = decision.reading or decision.statement
    if seen is None:
        return None
    address = (seen.page, seen.basis, seen.period_end)
    same = [
        ordinal
        for ordinal, one in left.items()
        if (one.page, one.basis, one.period_end) == address
    ]
    if same:
        wanted = decision.ordinal
        return wanted if wanted in same else same[0]
    near = [o for o, one in left.items() if _may_be(one, seen, decision.statement)]
    return near[0] if len(near) == 1 else None


def _may_be(one: Statement, seen: Statement, decided: Statement | None) -> bool:
    known = decided or seen
    pairs = (
        (one.page, seen.page),
        (one.basis, known.basis or seen.basis),
        (one.period_end, known.period_end or seen.period_end),
    )
    return all(a == b or a is None or b is None for a, b in pairs)


def standing(entry: Entry) -> Statement:
    """The statement in effect: as decided, else as read."""
    decision, reading = entry.decision, entry.reading
    if decision is None:
        return reading or nothing_read()
    if decision.action is Action.REJECTED:
        base = reading or decision.statement or nothing_read()
        reason = rejection(decision)
        return replace(base, status=Review.REJECTED, grade=Grade.C, reason=reason)
    settled = decision.statement or nothing_read()
    return _since(settled, reading, decision)


def rejection(decision: Decision) -> str:
    """Why a rejected statement is not used."""
    why = f": {decision.because}" if decision.because else ""
    return f"rejected by {decision.by} on {_day(decision)}{why}"


def _since(
    settled: Statement, reading: Statement | None, decision: Decision
) -> Statement:
    """The decided statement, saying so where the document now reads differently."""
    name = f"reads as when {decision.by} settled it on {_day(decision)}"
    if reading is None:
        if decision.reading is None:
            return settled
        check = Check(name, ok=False, detail="the reader no longer finds it")
        return replace(settled, checks=(*settled.checks, check))
    if reading == decision.reading:
        return settled
    against = list(contradictions(settled, reading))
    if against and reading.status is Review.ACCEPTED:
        reason = (
            f"read again since {decision.by} settled it on {_day(decision)}, "
            f"and proven with other values: {_said(against)}"
        )
        return replace(settled, status=Review.REVIEW, grade=Grade.C, reason=reason)
    saw = decision.reading or settled
    new = list(contradictions(saw, reading))
    if not new:
        return settled
    check = Check(name, ok=False, detail=f"the reader now reads {_said(new)}")
    return replace(settled, checks=(*settled.checks, check))


def contradictions(before: Statement, after: Statement) -> Iterator[str]:
    """What two readings of one statement both know, and know differently."""
    pairs = (
        ("unit", before.unit, after.unit),
        ("basis", before.basis, after.basis),
        ("period_end", before.period_end, after.period_end),
    )
    for name, old, new in pairs:
        if old is not None and new is not None and old != new:
            yield f"{name} {old} → {new}"
    for role, column in before.columns.items():
        for item in column.items:
            was, now = before.cell(item, role), after.cell(item, role)
            values = (was.value if was else None, now.value if now else None)
            if None not in values and values[0] != values[1]:
                yield f"{item.value}:{role.value} {values[0]:f} → {values[1]:f}"


def _said(differences: Sequence[str]) -> str:
    more = len(differences) - _MOST
    said = ", ".join(differences[:_MOST])
    return f"{said} and {more} more" if more > 0 else said


def _day(decision: Decision) -> str:
    return f"{decision.at.astimezone(IST):%d %b %Y}"
