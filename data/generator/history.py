"""Twenty-four quarters of statements for every company."""

import math
from random import Random
from typing import TypeAlias

from companies import Company
from quarters import COUNT, Quarter
from roster import COMPANIES
from statements import (
    BANK_INTEREST,
    GENERAL_COSTS,
    NBFC_COSTS,
    NBFC_REVENUE,
    Items,
    Statement,
    close,
)

History: TypeAlias = dict[tuple[str, str, int], Statement]

GENERAL_SHARES = {
    "Construction Materials": (0.24, 0.02, 0.07, 0.025, 0.055),
    "Capital Goods": (0.51, 0.03, 0.11, 0.02, 0.03),
    "Fast Moving Consumer Goods": (0.52, 0.11, 0.07, 0.012, 0.022),
    "Consumer Services": (0.0, 0.61, 0.11, 0.03, 0.06),
    "Power": (0.38, 0.0, 0.09, 0.17, 0.15),
    "Textiles": (0.58, 0.04, 0.13, 0.045, 0.04),
    "Chemicals": (0.49, 0.04, 0.09, 0.015, 0.042),
    "Healthcare": (0.31, 0.08, 0.19, 0.01, 0.04),
}
"""Materials, purchases, employees, finance cost, depreciation over revenue."""
RESERVES = {"general": 2.4, "nbfc": 6.5, "bank": 7.2}
"""Other equity over quarterly revenue."""


def histories(seed: int) -> History:
    """Every statement by (symbol, basis, quarter index)."""
    found: History = {}
    for company in COMPANIES:
        for index in range(COUNT):
            rng = Random(f"{seed}/{company.symbol}/{index}")
            alone = _parent(company, index, rng)
            found[company.symbol, "standalone", index] = Statement(
                company, "standalone", close(company.family, alone)
            )
            if company.group:
                group = _group(company, alone, rng)
                found[company.symbol, "consolidated", index] = Statement(
                    company, "consolidated", close(company.family, group)
                )
    return found


def _parent(company: Company, index: int, rng: Random) -> Items:
    quarter = Quarter(index)
    lift, margin = company.overrides.get(index, (1.0, None))
    drawn = company.margin + rng.gauss(0, company.wobble)
    season = company.season[quarter.number - 1]
    crore = company.revenue * (1 + company.growth) ** (index / 4) * season * lift
    crore *= 1 + rng.gauss(0, 0.012)
    revenue = _ticks(company, crore)
    profit = round(revenue * (drawn if margin is None else margin))
    exceptional = _ticks(company, company.exceptional.get(index, 0.0))
    makers = {"general": _general_lines, "nbfc": _nbfc_lines, "bank": _bank_lines}
    items = makers[company.family](company, revenue, rng)
    _add_tax(items, profit, rng)
    items["exceptional"] = exceptional
    _balance(company, items, exceptional)
    _add_oci(company, items, revenue, rng)
    _add_balances(company, items, index, revenue)
    return items


def _ticks(company: Company, crore: float) -> int:
    return round(crore * 10_000_000 / company.unit.tick)


def _general_lines(company: Company, revenue: int, rng: Random) -> Items:
    shares = GENERAL_SHARES[company.industry]
    names = ("materials", "purchases", "employees", "finance", "depreciation")
    items = {
        name: round(revenue * share * (1 + rng.gauss(0, 0.015)))
        for name, share in zip(names, shares, strict=True)
    }
    items["revenue"] = revenue
    items["inventory"] = round(revenue * rng.gauss(-0.002, 0.009))
    items["other_income"] = round(revenue * abs(rng.gauss(0.012, 0.003)))
    return items


def _nbfc_lines(_: Company, revenue: int, rng: Random) -> Items:
    items = {
        "fees_income": round(revenue * (0.055 + rng.gauss(0, 0.003))),
        "fair_value": round(revenue * abs(rng.gauss(0.008, 0.003))),
        "other_revenue": round(revenue * 0.019),
        "finance": round(revenue * (0.41 + rng.gauss(0, 0.004))),
        "fees_paid": round(revenue * 0.022),
        "impairment": round(revenue * (0.102 + rng.gauss(0, 0.004))),
        "employees": round(revenue * (0.121 + rng.gauss(0, 0.003))),
        "depreciation": round(revenue * 0.017),
        "other_income": round(revenue * abs(rng.gauss(0.003, 0.001))),
    }
    items["interest_income"] = revenue - sum(items[k] for k in NBFC_REVENUE[1:])
    return items


def _bank_lines(_: Company, revenue: int, rng: Random) -> Items:
    items = {
        "investments": round(revenue * (0.205 + rng.gauss(0, 0.004))),
        "balances": round(revenue * 0.014),
        "other_interest": round(revenue * 0.011),
        "other_income": round(revenue * (0.118 + rng.gauss(0, 0.006))),
        "interest_expended": round(revenue * (0.535 + rng.gauss(0, 0.004))),
        "employees": round(revenue * (0.152 + rng.gauss(0, 0.003))),
    }
    items["advances"] = revenue - sum(items[k] for k in BANK_INTEREST[1:])
    items["provisions"] = round(revenue * abs(0.048 + rng.gauss(0, 0.006)))
    return items


def _add_tax(items: Items, profit: int, rng: Random) -> None:
    """Choose taxes such that ``profit`` is what remains after them."""
    if profit > 0:
        before = round(profit / (1 - 0.2517 + rng.gauss(0, 0.004)))
        items["deferred_tax"] = round(before * rng.gauss(-0.006, 0.008))
        items["current_tax"] = before - profit - items["deferred_tax"]
    else:
        items["deferred_tax"] = round(profit * abs(rng.gauss(0.05, 0.01)))
        items["current_tax"] = 0
    items["target"] = profit + items["current_tax"] + items["deferred_tax"]


def _balance(company: Company, items: Items, exceptional: int) -> None:
    """Let the residual cost line close the statement at the target profit."""
    target = items.pop("target")
    if company.family == "bank":
        interest = sum(items[k] for k in BANK_INTEREST)
        items["other_operating"] = (
            interest
            + items["other_income"]
            - items["interest_expended"]
            - items["employees"]
            - items["provisions"]
            - target
        )
        return
    nbfc = company.family == "nbfc"
    income = sum(items[k] for k in (NBFC_REVENUE if nbfc else ("revenue",)))
    costs = NBFC_COSTS if nbfc else GENERAL_COSTS
    items["other_expenses"] = (
        income
        + items["other_income"]
        + exceptional
        - target
        - sum(items[k] for k in costs[:-1])
    )


def _add_oci(company: Company, items: Items, revenue: int, rng: Random) -> None:
    if company.family == "bank":
        return
    items["oci_kept"] = round(revenue * rng.gauss(-0.0006, 0.0008))
    items["oci_recycled"] = round(revenue * rng.gauss(0.0, 0.0004))


def _add_balances(company: Company, items: Items, index: int, revenue: int) -> None:
    """Period-end balances behind ratios, the bank's asset quality among them."""
    wave = 0.5 + 0.5 * math.cos(index / 4)
    if company.family == "bank":
        items["loans"] = round(revenue * 38.5)
        items["gross_npa"] = round(items["loans"] * (0.021 + 0.012 * wave))
        items["net_npa"] = round(items["gross_npa"] * 0.26)
        items["assets"] = round(revenue * 56)
    items["other_equity"] = round(revenue * RESERVES[company.family])
    weight = {"nbfc": 21.0, "bank": 3.1}.get(company.family, 0.3)
    if company.industry in {"Power", "Textiles"}:
        weight = 3.4 if company.industry == "Power" else 1.4
    items["borrowings"] = round(revenue * (weight + 0.1 * wave))


def _group(company: Company, alone: Items, rng: Random) -> Items:
    """Parent plus subsidiaries, less what they sell each other."""
    size = company.group
    lines = {
        "general": ("revenue", "other_income", *GENERAL_COSTS),
        "nbfc": (*NBFC_REVENUE, "other_income", *NBFC_COSTS),
        "bank": (
            *BANK_INTEREST,
            "other_income",
            "interest_expended",
            "employees",
            "other_operating",
            "provisions",
        ),
    }[company.family]
    items = {
        key: alone[key] + round(alone[key] * size * (1 + rng.gauss(0, 0.02)))
        for key in lines
    }
    if company.family == "general":
        traded = round(alone["revenue"] * size * 0.2)
        items["revenue"] -= traded
        items["materials" if alone["materials"] else "purchases"] -= traded
    for key in ("current_tax", "deferred_tax", "oci_kept", "oci_recycled"):
        items[key] = alone.get(key, 0) + round(alone.get(key, 0) * size * 0.9)
    items["exceptional"] = alone["exceptional"]
    items["associates"] = round(alone["profit"] * abs(rng.gauss(0.012, 0.004)))
    items["minority"] = round(alone["profit"] * size * 0.11)
    for key in (
        "gross_npa",
        "net_npa",
        "loans",
        "assets",
        "other_equity",
        "borrowings",
    ):
        if key in alone:
            items[key] = round(alone[key] * (1 + size * 0.8))
    return items
