"""Misprints and silences that must never end as an accepted figure."""

import random
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from dexter.domain.statement import ColumnRole, Item
from tests.extraction.synthetic.wording import ITEMS


class Trap(StrEnum):
    DIGIT = "a misprinted digit"
    EPS = "a misprinted EPS"
    NO_UNIT = "no unit printed"
    NO_BASIS = "no basis printed"
    SWAPPED = "header words swapped"


CORE = (
    ColumnRole.CURRENT,
    ColumnRole.PREVIOUS_QUARTER,
    ColumnRole.SAME_QUARTER_LAST_YEAR,
)
AMOUNTS = (
    "revenue",
    "other_income",
    "total_income",
    "total_expenses",
    "profit_before_tax",
    "tax",
    "net_profit",
)
Texts = dict[ColumnRole, dict[str, str]]
Misprints = Mapping[tuple[ColumnRole, Item], Decimal | None]


def amount(text: str) -> Decimal | None:
    """The value of a printed token; ``None`` for a dash or words."""
    bare = text.replace(",", "").replace(" ", "")
    if not any(c.isdigit() for c in bare):
        return None
    value = Decimal(bare.strip("()-"))
    return -value if bare[0] in "(-" else value


def misprint(rng: random.Random, text: str) -> str:
    """The token with one digit changed to another one."""
    places = [i for i, c in enumerate(text) if c.isdigit()]
    at = rng.choice(places)
    other = rng.choice([d for d in "0123456789" if d != text[at]])
    return text[:at] + other + text[at + 1 :]


def spoil_amount(
    rng: random.Random, texts: Texts, printed: Mapping[str, bool]
) -> Misprints:
    """Change one digit of one printed amount, in place; the cell and what it was."""
    cells = [
        (role, key)
        for role, column in texts.items()
        for key in AMOUNTS
        if printed.get(key) and amount(column[key])
    ]
    role, key = rng.choice(
        [one for one in cells if one[0] in CORE or rng.random() < 0.4]
    )
    old = texts[role][key]
    new = misprint(rng, old)
    texts[role][key] = new
    return {(role, ITEMS[key]): amount(old)}


def spoil_eps(rng: random.Random, texts: Texts) -> Misprints:
    """Move the decimal point of an EPS, or make it a different size altogether."""
    printed = {r: amount(texts[r]["eps_basic"]) for r in CORE if r in texts}
    roles = [role for role, value in printed.items() if value and abs(value) > 1]
    if not roles:
        return {}
    role = rng.choice(roles)
    keys = rng.choice((("eps_basic",), ("eps_diluted",), ("eps_basic", "eps_diluted")))
    spoilt: dict[tuple[ColumnRole, Item], Decimal | None] = {}
    for key in keys:
        old = texts[role][key]
        spoilt[role, ITEMS[key]] = amount(old)
        value = abs(amount(old) or Decimal(0)) * rng.choice((10, Decimal("0.1"), 3))
        texts[role][key] = f"{value:.2f}" if "(" not in old else f"({value:.2f})"
    return spoilt
