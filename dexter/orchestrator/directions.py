"""Direction words against the figures they stand beside: "rose", "fell", "beat"."""

import re
from collections.abc import Iterator
from decimal import Decimal

from dexter.domain.evidence import Evidence, Measure
from dexter.domain.period import Quarter
from dexter.orchestrator import wording
from dexter.orchestrator.references import REFERENCE, Reference, clauses

_SIGNED = frozenset({Measure.CHANGE, Measure.POINTS, Measure.DEVIATIONS})
_NEGATION_REACH = 24


def contradictions(text: str, references: tuple[Reference, ...]) -> Iterator[str]:
    """Direction words that their figures contradict or do not support."""
    masked = REFERENCE.sub(lambda m: "{{" + "\x00" * (len(m.group(0)) - 2), text)
    for start, end in clauses(text):
        inside = [r for r in references if start <= r.start < end and r.is_value]
        for word in wording.DIRECTION.finditer(masked, start, end):
            problem = _judge(word, masked, inside, references)
            if problem:
                yield f"“{word.group(0)}” {problem}"


def _judge(
    word: re.Match[str],
    masked: str,
    inside: list[Reference],
    everywhere: tuple[Reference, ...],
) -> str:
    """What is wrong with one direction word; empty when its figures bear it out.

    The changes of its own clause decide; without any, two values of one measure there;
    then the nearest change of the sentence, then two values anywhere in it.
    """
    before = masked[max(0, word.start() - _NEGATION_REACH) : word.start()]
    if wording.NEGATION.search(before):
        return "is negated, which cannot be checked; say what did happen"
    values = [r for r in everywhere if r.is_value]
    if word["loss"]:
        return _loss(inside or values)
    nearest = sorted(
        filter(_is_signed, values), key=lambda r: abs(r.start - word.start())
    )
    for verdict in (
        _by_changes(word, [r for r in inside if _is_signed(r)]),
        _by_values(word, inside),
        _by_changes(word, nearest[:1]),
        _by_values(word, values),
    ):
        if verdict is not None:
            return verdict
    return "has no change beside it that shows it; reference the change"


def _by_changes(word: re.Match[str], signed: list[Reference]) -> str | None:
    for reference in signed:
        evidence = _evidence(reference)
        value = evidence.value or Decimal(0)
        if _sign(value) != wording.expected_sign(word, evidence.name):
            return f"contradicts {reference.text} ({evidence.name} {value:+f})"
    return "" if signed else None


def _evidence(reference: Reference) -> Evidence:
    if reference.evidence is None:
        msg = f"{reference.text} is no value"
        raise ValueError(msg)
    return reference.evidence


def _is_signed(reference: Reference) -> bool:
    evidence = reference.evidence
    return (
        reference.is_value
        and evidence is not None
        and evidence.unit in _SIGNED
        and evidence.value is not None
    )


def _loss(values: list[Reference]) -> str:
    profits = [
        r.evidence.value
        for r in values
        if r.evidence is not None
        and r.evidence.unit is Measure.RUPEES
        and "profit" in r.evidence.name
        and r.evidence.value is not None
    ]
    if not profits:
        return "has no profit figure beside it that shows it"
    return "" if any(p < 0 for p in profits) else "contradicts a profit beside it"


def _by_values(word: re.Match[str], values: list[Reference]) -> str | None:
    """Judge a direction by two plain values of one measure, or none if there are not.

    The same measure in two quarters: the later against the earlier. In one quarter:
    the first named against the second.
    """
    plain = [
        r.evidence
        for r in values
        if r.evidence is not None and r.evidence.value is not None
    ]
    if len(plain) != 2 or plain[0].name != plain[1].name:  # noqa: PLR2004 - a pair
        return None
    first, second = plain
    if first.value is None or second.value is None:
        return None
    if first.period != second.period and first.period and second.period:
        later = max(plain, key=lambda e: Quarter.parse(e.period or ""))
        first, second = (first, second) if later is first else (second, first)
    change = (first.value or Decimal(0)) - (second.value or Decimal(0))
    if _sign(change) == wording.expected_sign(word, first.name):
        return ""
    return f"contradicts the values beside it ({first.value} against {second.value})"


def _sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)
