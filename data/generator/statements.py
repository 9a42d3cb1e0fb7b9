"""Income statements as integers of the printed unit, closed bottom-up.

Every item counts ticks, the last digit the company prints, so that sums hold in
the printed digits and XBRL rupees are exactly ``ticks * unit.tick``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

from companies import Company

Items: TypeAlias = dict[str, int]

GENERAL_COSTS = (
    "materials",
    "purchases",
    "inventory",
    "employees",
    "finance",
    "depreciation",
    "other_expenses",
)
NBFC_COSTS = (
    "finance",
    "fees_paid",
    "impairment",
    "employees",
    "depreciation",
    "other_expenses",
)
NBFC_REVENUE = ("interest_income", "fees_income", "fair_value", "other_revenue")
BANK_INTEREST = ("advances", "investments", "balances", "other_interest")
BALANCES = (
    "gross_npa",
    "net_npa",
    "loans",
    "assets",
    "other_equity",
    "borrowings",
)


@dataclass(frozen=True)
class Statement:
    """One period of one basis.

    Attributes:
        company: Who reports.
        basis: ``standalone`` or ``consolidated``.
        items: Ticks by item name.
    """

    company: Company
    basis: str
    items: Items

    def rupees(self, item: str) -> int:
        """An item in whole rupees."""
        return self.items[item] * self.company.unit.tick

    def eps(self, filed: date, *, diluted: bool = False) -> Decimal:
        """Earnings per share as printed in a filing of a given day.

        Shares count the split only once it has happened. A loss dilutes nobody.
        """
        owners = self.rupees("owners")
        split = self.company.split
        shares = Decimal(str(self.company.shares)) * 10_000_000
        shares = shares / split * self.company.split_on(filed)
        if diluted and owners > 0:
            shares *= Decimal(str(self.company.dilution))
        return (owners / shares).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def face_value(self, filed: date) -> int:
        """Rupees of face value on a day."""
        company = self.company
        return company.face_value * company.split // company.split_on(filed)

    @property
    def paid_up(self) -> int:
        """Paid-up equity in rupees; a split leaves it alone."""
        return round(self.company.shares * 10_000_000 * self.company.face_value)


def total(statements: Iterable[Statement]) -> Statement:
    """Add periods up; balances are those of the last one."""
    parts = list(statements)
    items = {key: sum(p.items[key] for p in parts) for key in parts[0].items}
    items |= {key: parts[-1].items[key] for key in BALANCES if key in items}
    return Statement(parts[0].company, parts[0].basis, items)


def close(family: str, items: Items) -> Items:
    """Fill every subtotal of a statement from its lines."""
    closers = {"general": _general, "nbfc": _nbfc, "bank": _bank}
    closers[family](items)
    items.setdefault("oci_kept", 0)
    items.setdefault("oci_recycled", 0)
    items["oci"] = items["oci_kept"] + items["oci_recycled"]
    items["comprehensive"] = items["profit"] + items["oci"]
    items["owners"] = items["profit"] - items.setdefault("minority", 0)
    return items


def _general(items: Items) -> None:
    items["income"] = items["revenue"] + items["other_income"]
    items["expenses"] = sum(items[key] for key in GENERAL_COSTS)
    _tax(items)


def _nbfc(items: Items) -> None:
    items["revenue"] = sum(items[key] for key in NBFC_REVENUE)
    items["income"] = items["revenue"] + items["other_income"]
    items["expenses"] = sum(items[key] for key in NBFC_COSTS)
    _tax(items)


def _tax(items: Items) -> None:
    items["before_exceptional"] = items["income"] - items["expenses"]
    items.setdefault("exceptional", 0)
    items["pbt"] = items["before_exceptional"] + items["exceptional"]
    items["tax"] = items["current_tax"] + items["deferred_tax"]
    items["after_tax"] = items["pbt"] - items["tax"]
    items["profit"] = items["after_tax"] + items.setdefault("associates", 0)


def _bank(items: Items) -> None:
    items["revenue"] = sum(items[key] for key in BANK_INTEREST)
    items["income"] = items["revenue"] + items["other_income"]
    items["operating_expenses"] = items["employees"] + items["other_operating"]
    items["expenses"] = items["interest_expended"] + items["operating_expenses"]
    items["operating_profit"] = items["income"] - items["expenses"]
    items.setdefault("exceptional", 0)
    items["pbt"] = (
        items["operating_profit"] - items["provisions"] + items["exceptional"]
    )
    items["tax"] = items["current_tax"] + items["deferred_tax"]
    items["after_tax"] = items["pbt"] - items["tax"]
    items["profit"] = items["after_tax"] + items.setdefault("associates", 0)
