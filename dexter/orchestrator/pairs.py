"""Two values of one measure: which is the later one, and which one the base."""

import re
from collections.abc import Iterator

from dexter.domain.evidence import Evidence, Measure
from dexter.domain.period import Quarter
from dexter.orchestrator.measures import Noun
from dexter.orchestrator.moves import DIRECTION
from dexter.orchestrator.references import HOLE, Cited, Wording

YEARLY = re.compile(
    r"\b(?:year[- ]on[- ]year|year[- ]over[- ]year|yoy|y-o-y"
    r"|a year (?:ago|before|earlier)|(?:on|over|from|than|against|of) the year"
    r"|last year|the (?:year|same quarter of the year) before"
    r"|(?:the )?(?:previous|preceding|prior) (?:fiscal )?year|year[- ]ago"
    r"|year[- ]earlier|annual(?:ly)?)\b",
    re.IGNORECASE,
)
SEQUENTIAL = re.compile(
    r"\b(?:sequential(?:ly)?|quarter[- ]on[- ]quarter|quarter[- ]over[- ]quarter|qoq"
    r"|q-o-q|(?:the )?(?:previous|preceding|prior|last) quarter|the quarter before"
    r"|a quarter (?:ago|before|earlier))\b",
    re.IGNORECASE,
)
_BASE_BEFORE = re.compile(
    r"\b(?:from|against|than|versus|vs|compared (?:with|to)|relative to|next to|after"
    r"|following)\b[^\x00]{0,40}$|\bover\s+$",
    re.IGNORECASE,
)
_FROM = re.compile(r"\bfrom(?: an? | )?$", re.IGNORECASE)
_TO = re.compile(r"\bto(?: an? | )?$", re.IGNORECASE)
_NEAR = 32
_CHANGED = re.compile(
    r"\b(?:growth|chang\w+|mov\w+|reaction|swing\w*|differ\w+|return\w*|delta|gap"
    r"|versus|against|than|on the feature)\b",
    re.IGNORECASE,
)
_LEVELS = frozenset(
    {
        Measure.RUPEES,
        Measure.RUPEES_PER_SHARE,
        Measure.FRACTION,
        Measure.PROBABILITY,
        Measure.SCORE,
        Measure.PERCENTILE,
        Measure.COUNT,
        Measure.RATIO,
        Measure.SESSIONS,
        Measure.DEVIATIONS,
    }
)


def comparable(one: Cited, other: Cited) -> bool:
    """Whether the sizes of two values can be held against each other."""
    first, second = one.evidence, other.evidence
    if first.value is None or second.value is None or first.unit is not second.unit:
        return False
    if first.basis and second.basis and first.basis is not second.basis:
        return False
    changes = first.unit in {Measure.CHANGE, Measure.POINTS}
    return first.name == second.name or changes or first.symbol == second.symbol


def pair(
    values: tuple[Cited, ...], wording: Wording, noun: Noun | None
) -> tuple[Cited, Cited] | None:
    """The value spoken of and the one it is held against, if there are just two.

    Both of one measure and basis: of one company in two quarters, or of two companies
    in one. Words such as “from” or “a year before” mark the base; otherwise it is the
    earlier quarter.
    """
    plain = [
        v
        for v in values
        if v.evidence.value is not None
        and v.evidence.unit in _LEVELS
        and (noun is None or noun.fits(v.evidence.name))
    ]
    if len(plain) != 2 or not _alike(plain[0].evidence, plain[1].evidence):  # noqa: PLR2004 - a pair
        return None
    first, second = plain
    for marked in ([f(v, wording) for v in plain] for f in (_held_against, _dated)):
        if marked[0] is not marked[1]:
            return (second, first) if marked[0] else (first, second)
    periods = [_quarter(v.evidence) for v in plain]
    if periods[0] is None or periods[1] is None or periods[0] == periods[1]:
        return None
    return (first, second) if periods[0] > periods[1] else (second, first)


def _alike(first: Evidence, second: Evidence) -> bool:
    if first.name != second.name or first.basis is not second.basis:
        # A close before the results and one after them are one measure.
        return {first.name, second.name} == {"close_before", "close_after"}
    one_company = first.symbol == second.symbol and first.period != second.period
    return one_company or (
        first.symbol != second.symbol and first.period == second.period
    )


def is_base(value: Cited, wording: Wording) -> bool:
    """Whether the words around a value make it what something is compared with."""
    return _held_against(value, wording) or _dated(value, wording)


def _held_against(value: Cited, wording: Wording) -> bool:
    before = wording.before(value.start)
    return bool(_BASE_BEFORE.search(before[before.rfind(HOLE) + 1 :]))


def _dated(value: Cited, wording: Wording) -> bool:
    """Whether the words behind a value put it back: “{{e2}} a year before”."""
    _, end = wording.clause(value.start)
    after = wording.masked[value.end : min(value.end + _NEAR, end)].partition(HOLE)[0]
    return bool(YEARLY.search(after) or SEQUENTIAL.search(after))


def told_as_change(wording: Wording, value: Cited) -> bool:
    """Whether the words around a change say that it is one."""
    start, end = wording.clause(value.start)
    before, after = wording.masked[start : value.start], wording.masked[value.end : end]
    if before.endswith("(") and wording.masked[value.end : value.end + 1] in {")", " "}:
        return True
    marks = (_CHANGED, DIRECTION, YEARLY, SEQUENTIAL)
    if any(mark.search(before) or mark.search(after) for mark in marks):
        return True
    # “Net profit rose {{e6}} at one and {{e7}} at the other”
    return any(mark.search(wording.masked[:start]) for mark in marks[:2])


def backwards(wording: Wording) -> Iterator[str]:
    """Changes told from the later value to the earlier one."""
    for value in wording.values:
        before = wording.before(value.start)
        source, target = _FROM.search(before), _TO.search(before)
        if not source and not target:
            continue
        for change in wording.values:
            if _runs_back(value.evidence, change.evidence, to=bool(target)):
                way = "to" if target else "from"
                yield f"{change.text} does not lead {way} {value.text}"


def _runs_back(value: Evidence, other: Evidence, *, to: bool) -> bool:
    """Whether “to” leads to the base of a change, or “from” starts at its end."""
    if other.unit in {Measure.CHANGE, Measure.POINTS} and value.id in other.inputs:
        return (other.inputs.index(value.id) > 0) is to
    same = (
        value is not other
        and value.name == other.name
        and value.symbol == other.symbol
        and value.basis is other.basis
    )
    mine, theirs = _quarter(value), _quarter(other)
    if not same or mine is None or theirs is None:
        return False
    return mine < theirs if to else mine > theirs


def _quarter(evidence: Evidence) -> Quarter | None:
    try:
        return Quarter.parse(evidence.period or "")
    except ValueError:
        return None


def ill_spanned(wording: Wording) -> Iterator[str]:
    """Figures told over another span than theirs: a quarter called a year."""
    for value in wording.values:
        if value.evidence.unit in {Measure.CHANGE, Measure.POINTS}:
            problem = _changed_over(wording, value) or _counted_from(wording, value)
        else:
            problem = _put_back(wording, value)
        if problem:
            yield f"{value.text} {problem}"


def _changed_over(wording: Wording, value: Cited) -> str:
    name = value.evidence.name
    start, end = wording.clause(value.start)
    said = wording.masked[start:end]
    yearly, sequential = YEARLY.search(said), SEQUENTIAL.search(said)
    if not yearly and not sequential:
        yearly = YEARLY.search(wording.masked)
        sequential = SEQUENTIAL.search(wording.masked)
    quarterly = name.endswith("_qoq")
    if quarterly and yearly and not sequential:
        return "is the change on the quarter before, not on the year"
    if sequential and not yearly and not quarterly and "reaction" not in name:
        return "is not the change on the quarter before"
    if name.endswith("_versus") and (yearly or sequential):
        return "compares companies, not quarters"
    return ""


def _counted_from(wording: Wording, change: Cited) -> str:
    """A change beside the value it is counted from, told as if it led there."""
    inputs = change.evidence.inputs
    ids = {v.evidence.id for v in wording.values}
    if not inputs or inputs[0] in ids:
        return ""
    for value in wording.values:
        base = value.evidence.id in inputs[1:] and not is_base(value, wording)
        if base and not wording.masked[value.end :].lstrip().startswith(
            ("in ", "for ")
        ):
            return f"is counted from {value.text}; say “from {value.text}”"
    return ""


def _put_back(wording: Wording, value: Cited) -> str:
    """“{{e2}} a year before”: against a figure of the same measure, is it a year?"""
    _, end = wording.clause(value.start)
    after = wording.masked[value.end : min(value.end + _NEAR, end)].partition(HOLE)[0]
    mine = _quarter(value.evidence)
    back = 4 if YEARLY.search(after) else 1 if SEQUENTIAL.search(after) else None
    others = [
        _quarter(v.evidence)
        for v in wording.values
        if v is not value
        and v.evidence.name == value.evidence.name
        and v.evidence.symbol == value.evidence.symbol
    ]
    if back is None or mine is None or not others:
        return _misplaced_close(value, after)
    if any(other is not None and other.shift(-back) == mine for other in others):
        return ""
    said = "a year" if back == 4 else "a quarter"  # noqa: PLR2004 - four quarters
    return f"is of {mine}, which is not {said} before"


def _misplaced_close(value: Cited, after: str) -> str:
    """A close before the results called the one after them, or the other way round."""
    name = value.evidence.name
    if name == "close_before" and re.search(r"\bafter\b", after):
        return "is the close before the results"
    if name in {"close_after", "close_later"} and re.search(r"\bbefore\b", after):
        return "is a close after the results"
    return ""
