"""Corporate actions as the exchanges word them, as factors on earlier prices.

NSE's subjects (``Bonus 2:1``, ``Face Value Split (Sub-Division) - From Rs 10/- Per
Share To Rs 2/- Per Share``) and BSE's (``Stock  Split From Rs.5/- to Rs.2/-``).
"""

import re
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

_BONUS = re.compile(
    r"\bbonus(?:\s+(?:issue|shares?))*[\s:\-–]*(\d{1,3})\s*:\s*(\d{1,3})\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"(?:split|sub[- ]?division|consolidation)[^/]*?\bfrom\s*(?:rs?|re)?\.?\s*"
    r"(\d+(?:\.\d+)?).{0,30}?\bto\s*(?:rs?|re)?\.?\s*(\d+(?:\.\d+)?)",
    re.IGNORECASE | re.DOTALL,
)
_OTHER_PAPER = re.compile(r"\b(?:ncrps|preference|debentures?|dvr)\b", re.IGNORECASE)
_DIGITS = 10


class Factor(NamedTuple):
    """What prices before the ex-date are multiplied by, and why."""

    value: Decimal
    kind: str


def factor_of(subject: str) -> Factor | None:
    """The factor of a split, a consolidation, a bonus, or several in one.

    A bonus of ``a:b`` gives ``a`` new shares for ``b`` held: ``b / (a + b)``. A split
    from face value ``x`` to ``y`` gives ``y / x``. A bonus paid in other paper
    (preference shares, debentures) changes no share count. None where the subject
    speaks of neither: a dividend moves the price, not the base it is compared on.
    """
    text = " ".join(subject.split())
    whole, kinds = Fraction(1), []
    for found in _BONUS.finditer(text):
        new, held = int(found[1]), int(found[2])
        if new and held and not _OTHER_PAPER.search(text):
            whole *= Fraction(held, new + held)
            kinds.append("bonus")
    for found in _SPLIT.finditer(text):
        before, after = Fraction(found[1]), Fraction(found[2])
        if before and after and before != after:
            whole *= after / before
            kinds.append("split" if after < before else "consolidation")
    if not kinds:
        return None
    value = Decimal(whole.numerator) / Decimal(whole.denominator)
    return Factor(round(value, _DIGITS).normalize(), "+".join(sorted(set(kinds))))
