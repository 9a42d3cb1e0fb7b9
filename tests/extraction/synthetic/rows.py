"""Which rows each layout prints, in which order, with which numbering."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tests.extraction.synthetic.books import Family, Traits
from tests.extraction.synthetic.totals import EXPENSES
from tests.extraction.synthetic.wording import WORDS


class Level(StrEnum):
    HEAD = "head"
    TOP = "top"
    SUB = "sub"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row; a heading has no ``key`` and no figures."""

    key: str | None
    label: str
    number: str
    level: Level
    bold: bool


Spec = tuple[Level, str | None, str]
_ROMAN = (
    *("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"),
    *("XIII", "XIV", "XV", "XVI", "XVII", "XVIII", "XIX", "XX", "XXI", "XXII"),
)
_BOLD = {
    "total_income",
    "total_expenses",
    "profit_before_tax",
    "net_profit",
    "tax",
    "comprehensive",
    "operating_profit",
}


def rows(
    rng: random.Random, family: Family, traits: Traits, face: int, numbering: str
) -> list[Row]:
    """The rows of a layout, worded and numbered one of several ways."""
    specs = {
        Family.OLDER: _older,
        Family.BANK: _bank,
    }.get(family, _general)(rng, family, traits)
    return _numbered(rng, list(specs), face, numbering)


def _general(rng: random.Random, family: Family, traits: Traits) -> Iterator[Spec]:
    yield from _income(rng, family)
    yield Level.HEAD, None, rng.choice(("Expenses", "Expenses:", "Expenditure"))
    for key in EXPENSES[family]:
        yield Level.SUB, key, key
    yield Level.PLAIN, "total_expenses", "total_expenses"
    yield from _before_tax(rng, traits)
    yield from _taxes(traits)
    yield from _profit(traits)
    if rng.random() < 0.7:
        yield Level.HEAD, None, "Other comprehensive income"
        yield Level.SUB, "oci_stays", "oci_stays"
        yield Level.SUB, "oci_stays_tax", "oci_stays_tax"
        yield Level.PLAIN, "oci", "oci"
        yield Level.TOP, "comprehensive", "comprehensive"
    if traits.minority:
        yield Level.HEAD, None, "Profit for the period attributable to:"
        yield Level.SUB, "owners", "owners"
        yield Level.SUB, "minority", "minority"
    yield from _capital(rng)
    yield from _eps(rng, "(not annualised)", "eps")


def _income(rng: random.Random, family: Family) -> Iterator[Spec]:
    if family is Family.NBFC:
        yield Level.HEAD, None, "Revenue from operations"
        yield Level.SUB, "interest_income", "interest_income"
        yield Level.SUB, "fees", "fees"
        yield Level.PLAIN, "revenue", "=Total revenue from operations"
        yield Level.TOP, "other_income", "other_income"
        yield Level.TOP, "total_income", "total_income"
    elif rng.random() < 0.5:
        yield Level.HEAD, None, rng.choice(("Income", "Revenue", "Income:"))
        yield Level.SUB, "revenue", "revenue"
        yield Level.SUB, "other_income", "other_income"
        yield Level.PLAIN, "total_income", "total_income"
    else:
        for key in ("revenue", "other_income", "total_income"):
            yield Level.TOP, key, key


def _before_tax(rng: random.Random, traits: Traits) -> Iterator[Spec]:
    if traits.associates == "before":
        yield Level.TOP, "before_exceptional", "before_associates"
        yield Level.TOP, "associates", "associates"
        yield Level.TOP, "before_with_associates", "before_exceptional"
    elif traits.exceptional or rng.random() < 0.5:
        yield Level.TOP, "before_exceptional", "before_exceptional"
    if traits.exceptional:
        yield Level.TOP, "exceptional", "exceptional"
    yield Level.TOP, "profit_before_tax", "profit_before_tax"


def _taxes(traits: Traits) -> Iterator[Spec]:
    yield Level.HEAD, None, "Tax expense"
    yield Level.SUB, "current_tax", "current_tax"
    yield Level.SUB, "deferred_tax", "deferred_tax"
    if traits.earlier_tax:
        yield Level.SUB, "earlier_tax", "earlier_tax"
    if traits.tax_total:
        yield Level.PLAIN, "tax", "tax"


def _profit(traits: Traits) -> Iterator[Spec]:
    if traits.discontinued:
        yield Level.TOP, "after_tax", "continuing"
        for key in ("discontinued_before", "discontinued_tax", "discontinued"):
            yield Level.TOP, key, key
    if traits.associates == "after":
        if not traits.discontinued:
            yield Level.TOP, "after_tax", "after_tax"
        yield Level.TOP, "associates", "associates"
        words = "net_profit" if traits.discontinued else "net_after_associates"
        yield Level.TOP, "net_profit", words
    else:
        yield Level.TOP, "net_profit", "net_profit"


def _capital(rng: random.Random) -> Iterator[Spec]:
    if rng.random() < 0.9:
        yield Level.TOP, "capital", "capital"
    if rng.random() < 0.7:
        yield Level.TOP, "reserves", "reserves"


def _eps(rng: random.Random, suffix: str, prefix: str) -> Iterator[Spec]:
    said = ("Earnings per share", "Earnings per equity share", "Earning Per Share")
    face = rng.choice(("", " (of Rs. {face} each)", " of Rs. {face}/- each"))
    yield Level.HEAD, None, f"{rng.choice(said)}{face} {suffix}"
    yield Level.SUB, f"{prefix}_basic", "eps_basic"
    yield Level.SUB, f"{prefix}_diluted", "eps_diluted"


def _older(rng: random.Random, family: Family, traits: Traits) -> Iterator[Spec]:
    yield Level.HEAD, None, "Income from operations"
    yield Level.SUB, "sales", "sales"
    yield Level.SUB, "operating_income", "operating_income"
    yield Level.PLAIN, "revenue", "older_revenue"
    yield Level.HEAD, None, "Expenses"
    for key in EXPENSES[family]:
        yield Level.SUB, key, key
    yield Level.PLAIN, "total_expenses", "total_expenses"
    for key in ("before_other_income", "other_income", "before_finance", "finance"):
        yield Level.TOP, key, key
    yield Level.TOP, "after_finance", "after_finance"
    yield Level.TOP, "exceptional", "exceptional"
    yield Level.TOP, "profit_before_tax", "older_before_tax"
    if traits.tax_total:
        yield Level.TOP, "tax", "tax"
    else:
        yield from _taxes(traits)
    yield Level.TOP, "after_tax", "older_after_tax"
    yield Level.TOP, "extraordinary", "extraordinary"
    yield Level.TOP, "net_profit", "net_profit"
    yield from _capital(rng)
    yield from _eps(rng, "(before extraordinary items) (not annualised)", "eps")
    if rng.random() < 0.6:
        yield from _eps(rng, "(after extraordinary items) (not annualised)", "again")


def _bank(rng: random.Random, _family: Family, _traits: Traits) -> Iterator[Spec]:
    yield Level.TOP, "revenue", "interest_earned"
    for key in ("interest_loans", "interest_investments", "interest_other"):
        yield Level.SUB, key, key
    yield Level.TOP, "other_income", "other_income"
    yield Level.TOP, "total_income", "total_income"
    yield Level.TOP, "interest_expended", "interest_expended"
    yield Level.TOP, "operating_expenses", "operating_expenses"
    yield Level.SUB, "employee", "bank_employee"
    yield Level.SUB, "operating_other", "operating_other"
    yield Level.TOP, "total_expenses", "bank_expenses"
    yield Level.TOP, "operating_profit", "operating_profit"
    yield Level.TOP, "provisions", "provisions"
    yield Level.TOP, "exceptional", "exceptional"
    yield Level.TOP, "profit_before_tax", "bank_before_tax"
    yield Level.TOP, "tax", "tax"
    yield Level.TOP, "after_tax", "older_after_tax"
    yield Level.TOP, "extraordinary", "extraordinary"
    yield Level.TOP, "net_profit", "net_profit"
    yield from _capital(rng)
    yield from _eps(rng, "(not annualised)", "eps")


def _numbered(
    rng: random.Random, specs: list[Spec], face: int, numbering: str
) -> list[Row]:
    letters = rng.choice(("({})", "{})", "{}."))
    top = sub = 0
    made = []
    for level, key, words in specs:
        label = words[1:] if words[0] == "=" else words
        if key is not None and words in WORDS:
            label = rng.choice(WORDS[words])
        number = ""
        if level in {Level.HEAD, Level.TOP}:
            top, sub = top + 1, 0
            number = _ROMAN[top - 1] if numbering == "roman" else str(top)
        elif level is Level.SUB:
            sub += 1
            number = letters.format(chr(96 + sub))
        if numbering == "none":
            number = ""
        label = label.replace("{face}", str(face))
        bold = key in _BOLD or level is Level.HEAD
        made.append(Row(key, label, number, level, bold))
    return made
