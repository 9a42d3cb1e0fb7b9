"""Whose figure it is: the company, quarter and basis beside it must be its own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dexter.domain.evidence import Evidence, Measure
from dexter.orchestrator.pairs import is_base
from dexter.orchestrator.references import HOLE, Cited, Wording

_BASIS = re.compile(r"\b(standalone|consolidated)\b", re.IGNORECASE)
_TIED = re.compile(
    r"\s*\(?(?:\s*(?:at|for|of|by|in|from|during|on)(?: the)?\s+)?", re.IGNORECASE
)
_AGAINST = re.compile(
    r"\b(?:against|than|versus|vs|compared (?:with|to)|from|over|since|after|on)"
    r"(?: the)?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Mention:
    """Somewhere a company, quarter or basis is named."""

    what: str
    start: int
    end: int


def borrowed(wording: Wording) -> Iterator[str]:
    """Figures beside the name of another company, quarter or basis."""
    yield from _companies(wording)
    yield from _periods(wording)
    yield from _bases(wording)


def _companies(wording: Wording) -> Iterator[str]:
    named = [
        _Mention(r.evidence.symbol, r.start, r.end)
        for r in wording.references
        if r.evidence and r.evidence.symbol and r.attribute in {"company", "symbol"}
    ]
    whose = {v.evidence.symbol for v in wording.values if v.evidence.symbol}
    if len(whose | {m.what for m in named}) < 2:  # noqa: PLR2004 - two could be mixed up
        return
    if not named:
        yield "figures of two companies stand in it without their names"
        return
    for value in wording.values:
        mine = value.evidence.symbol
        bound = _bound(value, named, wording) or _next(value, named, wording)
        if mine and bound and bound.what != mine:
            yield f"{value.text} belongs to {mine}, not to {bound.what}"


def _periods(wording: Wording) -> Iterator[str]:
    named = [
        _Mention(r.evidence.period, r.start, r.end)
        for r in wording.references
        if r.evidence and r.evidence.period and r.attribute == "period"
    ]
    named = [m for m in named if not _AGAINST.search(wording.before(m.start))]
    for value in wording.values:
        mine = value.evidence.period
        bound = _bound(value, named, wording)
        tied = bound is not None and bound.start > value.start
        if not mine or bound is None or (is_base(value, wording) and not tied):
            continue
        if bound.what != mine:
            yield f"{value.text} is of {mine}, not of {bound.what}"


def _bases(wording: Wording) -> Iterator[str]:
    named = [
        _Mention(m[1].lower(), m.start(), m.end())
        for m in _BASIS.finditer(wording.masked)
    ]
    named += [
        _Mention(r.evidence.basis.value, r.start, r.end)
        for r in wording.references
        if r.evidence and r.evidence.basis and r.attribute == "basis"
    ]
    named.sort(key=lambda m: m.start)
    for value in wording.values:
        mine = _basis_of(value.evidence)
        bound = _bound(value, named, wording) or _next(value, named, wording)
        if mine and bound and bound.what != mine:
            yield f"{value.text} is {mine}, not {bound.what}"


def _basis_of(evidence: Evidence) -> str | None:
    if evidence.basis is None or evidence.unit is Measure.DATE:
        return None
    return evidence.basis.value


def _bound(value: Cited, named: list[_Mention], wording: Wording) -> _Mention | None:
    """What a value is tied to: right behind it (“at …”), else the last one before it.

    A mention tied to an earlier value does not reach the next one.
    """
    after = _tied(value, named, wording)
    if after is not None:
        return after
    taken = _taken(value, named, wording)
    before = [m for m in named if m.end <= value.start and m not in taken]
    return before[-1] if before else None


def _tied(value: Cited, named: list[_Mention], wording: Wording) -> _Mention | None:
    _, end = wording.clause(value.start)
    following = next((v.start for v in wording.values if v.start > value.start), end)
    for mention in named:
        if value.end <= mention.start < min(end, following):
            gap = wording.masked[value.end : mention.start]
            if _TIED.fullmatch(_without_names(gap)):
                return mention
    return None


def _without_names(gap: str) -> str:
    """The words between, other references and what ties them taken out."""
    return re.sub(rf"\s*\(?(?:at|for|of|in) {HOLE}+\)?", "", gap)


def _next(value: Cited, named: list[_Mention], wording: Wording) -> _Mention | None:
    taken = _taken(value, named, wording)
    return next((m for m in named if m.start >= value.end and m not in taken), None)


def _taken(value: Cited, named: list[_Mention], wording: Wording) -> set[_Mention]:
    """Mentions tied to other values."""
    tied = [_tied(v, named, wording) for v in wording.values if v is not value]
    return {mention for mention in tied if mention is not None}
