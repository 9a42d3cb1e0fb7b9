"""The books of a company that does not exist: exact sums in whole thousandths.

Amounts are integers: thousandths of the last printed place. Exact books hold only
whole places, so every printed sum is exact; rounded books do not, so each printed line
is rounded on its own and sums are off by one here and there.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.extraction.synthetic.columns import QUARTERS

PLACE = 1000
_COSTS = (
    "materials",
    "purchases",
    "inventories",
    "employee",
    "finance",
    "depreciation",
    "other",
    "impairment",
    "provisions",
    "interest_expended",
    "operating_other",
)
Lines = dict[str, int]


class Family(StrEnum):
    GENERAL = "general"
    GROUP = "group"
    OLDER = "older"
    BANK = "bank"
    NBFC = "nbfc"


@dataclass(frozen=True, slots=True)
class Traits:
    """What a company's statement holds besides the usual lines."""

    exceptional: int = 0  # +1 a cost to take away, -1 a signed line to add
    associates: str = ""  # "before" or "after" tax
    minority: bool = False
    discontinued: bool = False
    earlier_tax: bool = False
    tax_total: bool = True
    rounded: bool = False
    loss: bool = False
    no_other_income: bool = False


def quarters(
    rng: random.Random, family: Family, traits: Traits, revenue: int
) -> list[Lines]:
    """Base lines of eight quarters, the current one first.

    Args:
        rng: decides every figure.
        family: which lines there are.
        traits: what else the statement holds.
        revenue: the size of a quarter's revenue in last printed places.
    """
    margin = rng.uniform(-0.25, -0.02) if traits.loss else rng.uniform(0.01, 0.28)
    shares = _shares(rng, family)
    growth = rng.uniform(0.97, 1.06)
    made = []
    for back in range(QUARTERS):
        level = revenue * growth**-back * rng.uniform(0.8, 1.2)
        quarter = _quarter(rng, family, traits, level)
        costs = 1 - margin + rng.uniform(-0.05, 0.05)
        _spend(rng, quarter, _placer(traits), (shares, costs))
        _tax(rng, quarter, traits)
        made.append(quarter)
    return made


def _shares(rng: random.Random, family: Family) -> Mapping[str, float]:
    names: Mapping[Family, Sequence[str]] = {
        Family.BANK: ("interest_expended", "employee", "operating_other", "provisions"),
        Family.NBFC: ("finance", "impairment", "employee", "depreciation", "other"),
    }
    usual = ("materials", "purchases", "employee", "finance", "depreciation", "other")
    weights = {name: rng.uniform(0.3, 1.5) for name in names.get(family, usual)}
    for big in ("materials", "interest_expended"):
        if big in weights:
            weights[big] *= 4
    whole = sum(weights.values())
    return {name: weight / whole for name, weight in weights.items()}


def _quarter(rng: random.Random, family: Family, traits: Traits, level: float) -> Lines:
    place = _placer(traits)
    lines: Lines = {"revenue": place(level)}
    if family is Family.BANK:
        lines["interest_loans"] = place(level * rng.uniform(0.6, 0.8))
        lines["interest_other"] = place(level * rng.uniform(0.01, 0.05))
        lines["interest_investments"] = (
            lines["revenue"] - lines["interest_loans"] - lines["interest_other"]
        )
    if family is Family.NBFC:
        lines["fees"] = place(level * rng.uniform(0.02, 0.1))
        lines["interest_income"] = lines["revenue"] - lines["fees"]
    if family is Family.OLDER:
        lines["operating_income"] = place(level * rng.uniform(0.0, 0.03))
        lines["sales"] = lines["revenue"] - lines["operating_income"]
    lines["other_income"] = (
        0 if traits.no_other_income else place(level * rng.uniform(0.003, 0.12))
    )
    _besides(rng, lines, traits, level)
    if family in {Family.GENERAL, Family.GROUP, Family.OLDER}:
        lines["inventories"] = place(level * rng.uniform(-0.06, 0.06))
    lines["oci_stays"] = place(level * rng.uniform(-0.004, 0.004))
    lines["oci_stays_tax"] = place(-lines["oci_stays"] / PLACE * 0.25)
    return lines


def _besides(rng: random.Random, lines: Lines, traits: Traits, level: float) -> None:
    """The lines only some companies have."""
    place = _placer(traits)
    if traits.exceptional:
        some = rng.random() < 0.45
        sign = 1 if rng.random() < 0.7 else -1
        lines["exceptional"] = sign * place(level * rng.uniform(0, 0.04)) * some
    if traits.associates:
        lines["associates"] = place(level * rng.uniform(-0.01, 0.02))
    if traits.discontinued:
        lines["discontinued_before"] = place(level * rng.uniform(-0.03, 0.02))
        lines["discontinued_tax"] = place(level * rng.uniform(-0.005, 0.005))
    if traits.minority:
        lines["minority"] = place(level * rng.uniform(-0.005, 0.02))


def _spend(
    rng: random.Random,
    lines: Lines,
    place: Callable[[float], int],
    costs: tuple[Mapping[str, float], float],
) -> None:
    shares, share_of_income = costs
    income = lines["revenue"] + lines["other_income"]
    total = (income * share_of_income - lines.get("inventories", 0)) / PLACE
    for name, share in shares.items():
        lines[name] = place(total * share * rng.uniform(0.93, 1.07))


def _tax(rng: random.Random, lines: Lines, traits: Traits) -> None:
    place = _placer(traits)
    income = lines["revenue"] + lines["other_income"]
    level = income / PLACE
    before = level - sum(lines.get(name, 0) for name in _COSTS) / PLACE
    lines["current_tax"] = place(max(before, 0) * rng.uniform(0.15, 0.3))
    lines["deferred_tax"] = place(before * rng.uniform(-0.04, 0.06))
    if traits.earlier_tax:
        some = rng.random() < 0.5
        lines["earlier_tax"] = place(level * rng.uniform(-0.004, 0.004)) * some


def _placer(traits: Traits) -> Callable[[float], int]:
    """From last printed places to thousandths, whole unless the books are rounded."""
    if traits.rounded:
        return lambda amount: round(amount * PLACE)
    return lambda amount: round(amount) * PLACE
