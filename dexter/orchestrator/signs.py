"""Signs: what a direction word promises, and which changes it already says."""

import re
from decimal import Decimal

from dexter.domain.evidence import Measure
from dexter.orchestrator.measures import noun_of
from dexter.orchestrator.moves import (
    AMOUNT_BEFORE,
    DIRECTION,
    GROWN,
    IDIOM,
    LOWER_IS_BETTER,
)
from dexter.orchestrator.references import HOLE, Cited, Wording
from dexter.orchestrator.wording import LABEL

CHANGES = frozenset({Measure.CHANGE, Measure.POINTS})
_SIGNED = CHANGES | {Measure.DEVIATIONS}
GROWTH_OF = re.compile(
    r"\b(?:growth|change)(?: rate)?"
    r"(?: (?:of|was|is|at|to|stood at|came to|reached))?\s*$",
    re.IGNORECASE,
)


def plain_of(wording: Wording) -> str:
    """The words without those that only look like directions."""
    plain = wording.masked
    for harmless in (IDIOM, LABEL):
        plain = harmless.sub(lambda m: " " * len(m.group(0)), plain)
    return plain


def bare(wording: Wording, value: Cited) -> bool:
    """Whether the words beside a value already say its sign.

    A change behind (or right before) a direction word of its own sign; a loss behind
    the noun “loss”. Whatever stands between takes the word for itself.
    """
    evidence = value.evidence
    amount = evidence.value or Decimal(0)
    if evidence.unit in {Measure.RUPEES, Measure.RUPEES_PER_SHARE}:
        noun = noun_of(wording, value)
        return amount < 0 and noun is not None and noun.loss
    if evidence.unit not in CHANGES:
        return False
    word = _governing(wording, value)
    return word is not None and sign(amount) == expected_sign(word, evidence.name)


def _governing(wording: Wording, value: Cited) -> re.Match[str] | None:
    """The direction word a change belongs to."""
    start, end = wording.clause(value.start)
    plain = plain_of(wording)
    if GROWTH_OF.search(plain, start, value.start):
        return None
    after = DIRECTION.match(plain, min(value.end + 1, end), end)
    if after and (after["up"] or after["down"] or AMOUNT_BEFORE.fullmatch(after[0])):
        return after
    before = [m for m in DIRECTION.finditer(plain, start, value.start) if _moves(m)]
    if not before:
        return None
    gap = plain[before[-1].end() : value.start]
    return None if HOLE in gap or GROWN.search(gap) else before[-1]


def _moves(word: re.Match[str]) -> bool:
    return not (word["loss"] or word["profit"] or word["flat"])


def expected_sign(word: re.Match[str], name: str) -> int:
    """The sign a direction word promises for a change of a measure."""
    better = word["up"] or word["over"] or word["better"]
    flips = (word["better"] or word["worse"]) and name.startswith(LOWER_IS_BETTER)
    return -1 if bool(better) == bool(flips) else 1


def sign(value: Decimal) -> int:
    """−1, 0 or 1."""
    return (value > 0) - (value < 0)


def is_signed(value: Cited) -> bool:
    """Whether a value is a change, whose sign is a direction."""
    return value.evidence.unit in _SIGNED and value.evidence.value is not None
