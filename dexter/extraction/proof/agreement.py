"""What one table could not say alone: unit and basis, and the second reader's word."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from dexter.domain.filing import Basis, Grade, Review
from dexter.domain.statement import (
    Check,
    ColumnRole,
    Item,
    Method,
    Statement,
    Unit,
)
from dexter.extraction.pages.kinds import squeeze
from dexter.extraction.proof import second
from dexter.extraction.proof.proof import PROVEN
from dexter.extraction.proof.reading import Draft

_ALONE = re.compile(
    r"standalone(?:un)?(?:audited)?(?:financial|statement|result|balancesheet)"
)
_GROUP = re.compile(
    r"subsidiar|thegroup\b|jointventure|associatecompan|"
    r"shareofprofit|non.?controlling|ownersoftheparent|holdingcompany"
)
_REPORT = re.compile(
    r"(?:limitedreview|auditor.?s?)report(?:to|on)(?:the)?"
    r"(?:board|quarterly|un.?audited|audited|financial|review|interim)"
)
_TOP = 500
_UNSAID = "the page does not say standalone or consolidated"
_DOUBTED = "EPS was read differently the second time"


@dataclass(frozen=True, slots=True)
class Said:
    """A filing's words, squeezed: what a believed reader saw, and hidden text too.

    ``reported``: whether the auditor's report on the results is in the filing.
    """

    believed: str
    anything: str
    reported: bool = False


def is_report(text: str) -> bool:
    """Whether a page begins as an auditor's report on results."""
    return bool(_REPORT.search(squeeze(text)[:_TOP]))


def lacks_basis(drafts: Iterable[Draft]) -> bool:
    """Whether a statement would be accepted if its filing said its basis."""
    return any(
        one.statement.status is Review.ACCEPTED and one.statement.basis is None
        for one in drafts
    )


def agree(drafts: Iterable[Draft], content: bytes, said: Said) -> tuple[Statement, ...]:
    """Settle what one table could not say alone.

    A missing unit may come from the filing's other statements if they agree. A missing
    basis comes from the filing's other words or its other statement, see ``_bases``.
    A reading that holds only within rounding, or whose basis the page does not print,
    needs the second reader to see every figure alike; so does what OCR read of
    earnings per share, which no sum proves.

    Args:
        drafts: one per table.
        content: the PDF.
        said: the filing's words.
    """
    kept = list(drafts)
    units = {d.statement.unit for d in kept if d.statement.unit}
    unit = units.pop() if len(units) == 1 else None
    settled = [_settled(_filled(draft, unit, kept, said), content) for draft in kept]
    return tuple(_once(settled))


def _filled(
    draft: Draft, unit: Unit | None, drafts: Sequence[Draft], said: Said
) -> Draft:
    one = replace(draft.statement, unit=draft.statement.unit or unit)
    why = None if one.basis else _why_standalone(draft, drafts, said)
    if why is None:
        return replace(draft, statement=one)
    checks = (*one.checks, Check("basis", ok=True, detail=why))
    one = replace(one, basis=Basis.STANDALONE, grade=Grade.B, checks=checks)
    return replace(draft, statement=one, rounded=True)


def _why_standalone(draft: Draft, drafts: Sequence[Draft], said: Said) -> str | None:
    """Why a statement that does not name its basis is the standalone one, if it is.

    Every listed company files a standalone statement; one with subsidiaries files a
    consolidated one besides (SEBI LODR, Regulation 33(3)(a) and (b)). So the unnamed
    statement beside a consolidated one of the same period is the standalone one, and
    so is the only one of a filing that says standalone elsewhere, or whose auditor's
    report is there and like all the rest speaks of no group: a report on consolidated
    results has to name the group and list its companies.
    """
    others = [one for one in drafts if one is not draft]
    if draft.statement.period_end is None:
        return None
    if others:
        group = all(_is_groups(one.statement, draft.statement) for one in others)
        return "the filing's other statement is the consolidated one" if group else None
    if "consolidated" in said.anything:
        return None
    if _ALONE.search(said.believed):
        return "printed elsewhere in the filing, which names no other"
    if said.reported and not _GROUP.search(said.anything):
        return "its auditor reports on the company, and nothing speaks of a group"
    return None


def _is_groups(one: Statement, unnamed: Statement) -> bool:
    """Whether a statement is the consolidated one of the same period."""
    same = one.rupees(Item.NET_PROFIT) == unnamed.rupees(Item.NET_PROFIT)
    consolidated = one.basis is Basis.CONSOLIDATED
    return consolidated and one.period_end == unnamed.period_end and not same


def _settled(draft: Draft, content: bytes) -> Statement:
    one = draft.statement
    if one.status is not Review.ACCEPTED:
        return replace(one, grade=Grade.C)
    reason = None
    if one.unit is None:
        reason = "no unit is printed above the table"
    elif one.basis is None:
        reason = _UNSAID
    elif draft.rounded:
        reason = second.disagreement(content, draft.sheet, draft.figures)
    if reason:
        return replace(one, status=Review.REVIEW, grade=Grade.C, reason=reason)
    return _shares_again(draft, content) if draft.per_share else one


def _shares_again(draft: Draft, content: bytes) -> Statement:
    """EPS as OCR read it, withheld where a second look sees another figure."""
    one = draft.statement
    if draft.sheet.method is Method.TEXT:
        return one
    places = list(draft.per_share)
    texts = second.again(content, draft.sheet, [draft.per_share[p] for p in places])
    doubted = {
        place
        for place, text in zip(places, texts, strict=True)
        if not second.agrees(draft.per_share[place], text)
    }
    return _without(one, doubted) if doubted else one


def _without(one: Statement, doubted: set[tuple[ColumnRole, Item]]) -> Statement:
    columns = {
        role: replace(
            column,
            items={
                item: replace(cell, value=None, reason=_DOUBTED)
                if (role, item) in doubted
                else cell
                for item, cell in column.items.items()
            },
        )
        for role, column in one.columns.items()
    }
    checks = [
        Check(f"{role}: {item}", ok=False, detail=_DOUBTED)
        for role, item in sorted(doubted)
    ]
    return replace(one, columns=columns, checks=(*one.checks, *checks))


def _once(statements: Sequence[Statement]) -> list[Statement]:
    """One statement per basis and period: a repeat goes, a contradiction to review."""
    kept: list[Statement] = []
    for one in statements:
        twin = next((i for i, other in enumerate(kept) if _twins(one, other)), None)
        if twin is None:
            kept.append(one)
        elif _figures(one) != _figures(kept[twin]):
            kept[twin] = _contradicted(kept[twin])
            kept.append(_contradicted(one))
    return kept


def _twins(one: Statement, other: Statement) -> bool:
    both = one.status is Review.ACCEPTED and other.status is Review.ACCEPTED
    same = (one.basis, one.period_end) == (other.basis, other.period_end)
    return both and same


def _figures(one: Statement) -> list[Decimal | None]:
    return [one.rupees(item) for item in PROVEN]


def _contradicted(one: Statement) -> Statement:
    why = "the filing has two statements of this basis and period that differ"
    return replace(one, status=Review.REVIEW, grade=Grade.C, reason=why)
