"""How statements label the lines beyond the headline ones.

A label only names a row that a sum has already proven to belong there; it must fit one
line alone.
"""

import re
from collections.abc import Mapping, Sequence

from dexter.domain.statement import Item
from dexter.extraction.proof.labels import plain
from dexter.extraction.tables.table import Row

Phrases = Mapping[Item, str]
_GOES_ON = re.compile(r"(?![a-z]{1,4}[.)])[a-z]")
_NUMERAL = re.compile(r"^[ivx]{1,4} (?=[a-z]{3})")

EXPENSES: Phrases = {
    Item.COST_OF_MATERIALS: r"\b(?:raw )?materials? (?:and \w+ )?consumed|"
    r"^consumption of (?:raw )?materials?|^raw materials?$",
    Item.PURCHASES: r"purchases? of (?:stock|traded|trading|finished)|"
    r"^purchases?(?: of goods)?$",
    Item.INVENTORY_CHANGES: r"chang\w* (?:in|of) (?:the )?(?:inventor|stock)|"
    r"(?:in|de)crease(?:\W+\w+){0,3} in (?:the )?(?:inventor|stock|finished)",
    Item.EMPLOYEE_COST: r"^(?:employees?|staff)\b.*(?:benefit|cost|expens|remuner)|"
    r"^payments? to and provisions? for employees|^salaries",
    Item.FINANCE_COSTS: r"^(?:finance|borrowing) (?:costs?|charges?)|"
    r"^interest(?: (?:cost|expenses?|and finance (?:costs?|charges?)))?$",
    Item.DEPRECIATION: r"^depreciation|^amorti[sz]ation and depreciation",
    Item.POWER_AND_FUEL: r"^power(?: (?:and|fuel|cost|charges|expenses?))*$",
    Item.IMPAIRMENT: r"^impairment (?:loss\w* )?(?:on|of) financial|"
    r"^impairment on loans",
    Item.FEES_EXPENSE: r"^fees? and commissions? (?:expenses?|paid)",
    Item.FAIR_VALUE_LOSSES: r"^net loss on fair value",
    Item.DERECOGNITION_LOSSES: r"^net loss on derecognition",
    Item.OTHER_EXPENSES: r"^other (?:expenses?|expenditure)",
}
REVENUE: Phrases = {
    Item.INTEREST_INCOME: r"^interest (?:income|earned)",
    Item.DIVIDEND_INCOME: r"^dividend income",
    Item.RENTAL_INCOME: r"^rental income",
    Item.FEES_INCOME: r"^fees? and commissions? (?:income|earned)",
    Item.FAIR_VALUE_GAINS: r"^net gains? on fair value",
    Item.DERECOGNITION_GAINS: r"^net gains? on derecognition",
    Item.SALE_OF_PRODUCTS: r"^(?:revenue from )?sales? of (?:products?|goods)",
    Item.SALE_OF_SERVICES: r"^(?:revenue from )?sales? of services?|"
    r"^income from services",
    Item.OTHER_OPERATING_REVENUE: r"^other operating (?:income|revenues?)|"
    r"^other revenues? from operations?",
}
INTEREST: Phrases = {
    Item.INTEREST_ON_ADVANCES: r"^interest (?:and )?(?:or )?(?:discount )?on advances",
    Item.INCOME_ON_INVESTMENTS: r"^income (?:on|from) investments?",
    Item.INTEREST_ON_RBI_BALANCES: r"^interest on balances? with (?:reserve bank|rbi)",
    Item.OTHER_INTEREST: r"^others?$|^other interest",
}
OPERATING: Phrases = {
    Item.EMPLOYEE_COST: EXPENSES[Item.EMPLOYEE_COST],
    Item.OTHER_OPERATING_EXPENSES: r"^other operating expenses?|^other expenses?",
}
TAX: Phrases = {
    Item.EARLIER_TAX: r"earlier|prior|previous|short|excess",
    Item.CURRENT_TAX: r"^(?:tax expenses? )?current(?: income)?(?: years?)?"
    r"(?: tax\w*)?$|^income tax current",
    Item.DEFERRED_TAX: r"^(?:tax expenses? )?deferred(?: income)?(?: tax\w*)?"
    r"(?: \w+){0,3}$",
}
COMPREHENSIVE: Phrases = {
    Item.OTHER_COMPREHENSIVE: r"^(?:total )?other comprehensive (?:income|loss)"
    r"(?! (?:that|to be|not|items))(?!.*attribut)",
    Item.TOTAL_COMPREHENSIVE: r"^(?:net )?total comprehensive (?:income|loss)"
    r"(?!.*attribut)",
}
UNPROVEN: Phrases = {
    Item.PAID_UP_CAPITAL: r"^(?:equity )?paid up (?:equity )?(?:share )?capital",
    Item.RESERVES: r"^other equity|^reserves? (?:and surplus )?excluding revaluation",
    Item.GROSS_NPA: r"^(?:amount of )?gross (?:npas?|non performing assets?)$",
    Item.NET_NPA: r"^(?:amount of )?net (?:npas?|non performing assets?)$",
}


def named(
    phrases: Phrases,
    rows: Sequence[Row],
    among: Sequence[int],
    *,
    wrapped: bool = True,
) -> dict[Item, int]:
    """Rows by the one line each says; a line that two rows say is nobody's.

    Args:
        phrases: what each line is called.
        rows: the table's rows.
        among: indexes of the rows to look at.
        wrapped: also read a label that began on the line above.
    """
    said: dict[Item, list[int]] = {}
    for index in among:
        item = _item(phrases, rows[index], wrapped=wrapped)
        if item is not None:
            said.setdefault(item, []).append(index)
    return {item: found[0] for item, found in said.items() if len(found) == 1}


def _item(phrases: Phrases, row: Row, *, wrapped: bool) -> Item | None:
    texts = [row.label]
    # A label that goes on from the line above starts small; a heading's row does not.
    if wrapped and row.above and _GOES_ON.match(row.label.strip()):
        texts.append(f"{row.above} {row.label}")
    for text in texts:
        label = _NUMERAL.sub("", plain(text))
        found = [i for i, words in phrases.items() if re.search(words, label)]
        if found:
            # Earlier years' tax is a current tax too: the first named wins there.
            return found[0] if len(found) == 1 or phrases is TAX else None
    return None
