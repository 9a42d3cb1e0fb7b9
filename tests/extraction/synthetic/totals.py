"""Every subtotal of one column, from its base lines."""

from collections.abc import Sequence

from tests.extraction.synthetic.books import Family, Lines, Traits

EXPENSES = {
    Family.GENERAL: (
        "materials",
        "purchases",
        "inventories",
        "employee",
        "finance",
        "depreciation",
        "other",
    ),
    Family.OLDER: (
        "materials",
        "purchases",
        "inventories",
        "employee",
        "depreciation",
        "other",
    ),
    Family.NBFC: ("finance", "impairment", "employee", "depreciation", "other"),
    Family.BANK: ("employee", "operating_other"),
}
EXPENSES[Family.GROUP] = EXPENSES[Family.GENERAL]


def column(family: Family, traits: Traits, quarters: Sequence[Lines]) -> dict[str, int]:
    """The column that adds these quarters up, subtotals included."""
    lines: Lines = {}
    for quarter in quarters:
        for name, value in quarter.items():
            lines[name] = lines.get(name, 0) + value
    if family is Family.BANK:
        _bank(lines)
    elif family is Family.OLDER:
        _older(lines, traits)
    else:
        _general(lines, family, traits)
    _after_tax(lines, traits)
    return lines


def _general(lines: Lines, family: Family, traits: Traits) -> None:
    lines["total_income"] = lines["revenue"] + lines["other_income"]
    lines["total_expenses"] = sum(lines[name] for name in EXPENSES[family])
    lines["before_exceptional"] = lines["total_income"] - lines["total_expenses"]
    before = lines["before_exceptional"]
    if traits.associates == "before":
        before += lines["associates"]
        lines["before_with_associates"] = before
    lines["profit_before_tax"] = before - traits.exceptional * lines.get(
        "exceptional", 0
    )


def _older(lines: Lines, traits: Traits) -> None:
    lines["total_expenses"] = sum(lines[name] for name in EXPENSES[Family.OLDER])
    lines["before_other_income"] = lines["revenue"] - lines["total_expenses"]
    lines["before_finance"] = lines["before_other_income"] + lines["other_income"]
    lines["after_finance"] = lines["before_finance"] - lines["finance"]
    lines["profit_before_tax"] = lines[
        "after_finance"
    ] - traits.exceptional * lines.get("exceptional", 0)


def _bank(lines: Lines) -> None:
    lines["total_income"] = lines["revenue"] + lines["other_income"]
    lines["operating_expenses"] = sum(lines[name] for name in EXPENSES[Family.BANK])
    lines["total_expenses"] = lines["interest_expended"] + lines["operating_expenses"]
    lines["operating_profit"] = lines["total_income"] - lines["total_expenses"]
    lines["profit_before_tax"] = lines["operating_profit"] - lines["provisions"]


def _after_tax(lines: Lines, traits: Traits) -> None:
    lines["tax"] = (
        lines["current_tax"] + lines["deferred_tax"] + lines.get("earlier_tax", 0)
    )
    lines["after_tax"] = lines["profit_before_tax"] - lines["tax"]
    lines["net_profit"] = lines["after_tax"]
    if traits.associates == "after":
        lines["net_profit"] += lines["associates"]
    if traits.discontinued:
        lines["discontinued"] = lines["discontinued_before"] - lines["discontinued_tax"]
        lines["net_profit"] += lines["discontinued"]
    lines["owners"] = lines["net_profit"] - lines.get("minority", 0)
    lines["oci"] = lines["oci_stays"] + lines["oci_stays_tax"]
    lines["comprehensive"] = lines["net_profit"] + lines["oci"]
