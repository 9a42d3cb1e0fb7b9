"""How well a row's label says a line item; candidates for the joint search."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from dexter.domain.statement import Item
from dexter.extraction.tables.table import Row

_FLOOR = 66.0
_MOST = 5
_VARIANT_COST = 6.0
_NEGATIVE_COST = 45.0
_MARKS = re.compile(
    r"^(?:\(?(?:[ivx]{1,4}|[a-z]|\d{1,2})[.)]+\s*|\d{1,2}\s+|[ivx]{1,4}\s+(?=[a-z]{3})"
    r"|[-–•*]\s*)+"
)
_PUNCTUATION = re.compile(r"[^a-z0-9%]+")
# The labels of a few pages: every table is asked for them many times over.
_REMEMBERED = 8192
_ADJUSTMENTS = {Item.EXCEPTIONAL: "exceptional", Item.SHARE_OF_ASSOCIATES: "share of"}
_ALIKE = 75
_FORMULA = re.compile(r"\([^()]*\d[^()]*\)|\[[^\[\]]*\d[^\[\]]*\]")


@dataclass(frozen=True, slots=True)
class Wording:
    """Phrases that mean an item, and words that show it is another line."""

    phrases: tuple[str, ...]
    against: str = r"(?!)"


_PROFIT_AGAINST = (
    r"comprehensive|attributable|discontinu|reclassif|(?<!and )share of|segment|"
    r"per share|"
    r"non.?controlling|minority"
)
WORDINGS: Mapping[Item, Wording] = {
    Item.REVENUE: Wording(
        (
            "revenue from operations",
            "total revenue from operations",
            "income from operations",
            "total income from operations net",
            "net sales income from operations",
            "revenue from operations net",
            "interest earned",
        ),
        r"\bother|expens|profit|segment|before|comprehensive|per share|^total income$",
    ),
    Item.OTHER_INCOME: Wording(
        ("other income", "other income net", "add other income"),
        r"comprehensive|before|total|operations|operating|after",
    ),
    Item.TOTAL_INCOME: Wording(
        (
            "total income",
            "total revenue",
            "total income revenue",
            "total revenue income",
        ),
        r"from operations|form operations|comprehensive|tax|expens|other income \+",
    ),
    Item.TOTAL_EXPENSES: Wording(
        ("total expenses", "total expenditure", "total expense"),
        r"\btax|\bother|before|profit|income|revenue",
    ),
    Item.FINANCE_COSTS: Wording(
        ("finance costs", "finance cost", "interest and finance charges", "interest"),
        r"before|after|income|profit|earned|services business",
    ),
    Item.EMPLOYEE_COST: Wording(
        (
            "employee benefits expense",
            "employee benefit expenses",
            "employees cost",
            "staff cost",
        )
    ),
    Item.DEPRECIATION: Wording(
        (
            "depreciation and amortisation expense",
            "depreciation and amortization expense",
            "depreciation and amortisation",
            "depreciation",
        )
    ),
    Item.EXCEPTIONAL: Wording(
        (
            "exceptional items",
            "exceptional items gain loss",
            "exceptional items net of tax",
            "exceptional items before tax",
            "exceptional item income",
        ),
        r"profit|before exceptional|after exceptional|\(loss\) before|extraordinary",
    ),
    Item.SHARE_OF_ASSOCIATES: Wording(
        (
            "share of profit loss of associates",
            "share in profit loss of joint ventures associates",
            "share of profit loss of joint ventures and associates",
            "share in profit loss after tax of joint ventures associates net",
        ),
        r"before share|after share|comprehensive|^(?:net )?profit|and share",
    ),
    Item.PROFIT_BEFORE_EXCEPTIONAL: Wording(
        (
            "profit before exceptional items and tax",
            "profit loss before exceptional items and tax",
        ),
        r"after",
    ),
    Item.PROFIT_BEFORE_TAX: Wording(
        (
            "profit before tax",
            "profit loss before tax",
            "profit from ordinary activities before tax",
            "profit loss from ordinary activities before tax",
            "net profit before tax",
        ),
        rf"exceptional items and tax|before exceptional|{_PROFIT_AGAINST}|after tax",
    ),
    Item.TAX: Wording(
        (
            "tax expense",
            "total tax expense",
            "tax expenses",
            "total tax expenses",
            "income tax expense",
            "total tax",
            "provision for taxation",
        ),
        r"deferred|current|before|after|comprehensive|reclassif|net of|earlier|"
        r"previous|prior|profit|exceptional|^(?!.*tax)",
    ),
    Item.DISCONTINUED: Wording(
        (
            "profit loss from discontinued operations after tax",
            "net profit from discontinued operations",
            "profit from discontinued operations",
        ),
        r"continuing and|\bcontinuing op|before tax|per share",
    ),
    Item.NET_PROFIT: Wording(
        (
            "net profit for the period",
            "profit for the period",
            "profit loss for the period",
            "net profit after tax",
            "profit after tax",
            "profit for the year period",
            "net profit loss for the period",
            "net profit loss from ordinary activities after tax",
            "profit after tax and share in profit of joint ventures associates",
        ),
        rf"before|{_PROFIT_AGAINST}",
    ),
    Item.NET_PROFIT_OWNERS: Wording(
        (
            "owners of the company",
            "owners of the parent",
            "equity holders of the parent",
            "attributable to owners of the company",
            "equity holders of the company",
            "shareholders of the company",
        ),
        r"comprehensive|other equity|non.?controlling",
    ),
    Item.NET_PROFIT_MINORITY: Wording(
        ("non controlling interests", "non controlling interest", "minority interest"),
        r"comprehensive|equity|before",
    ),
    Item.PAID_UP_CAPITAL: Wording(
        (
            "paid up equity share capital",
            "paid up share capital",
            "paid up equity share capital face value of share each",
        ),
        r"debt|reserve|%|percent",
    ),
    Item.INTEREST_EARNED: Wording(("interest earned",), r"other|expend"),
    Item.INTEREST_EXPENDED: Wording(
        ("interest expended", "interest expense"), r"earned|profit|excluding"
    ),
    Item.OPERATING_EXPENSES: Wording(
        ("operating expenses", "total operating expenses"), r"\bother|profit"
    ),
    Item.OPERATING_PROFIT: Wording(
        (
            "operating profit before provisions and contingencies",
            "operating profit profit before provisions and contingencies",
            "operating profit",
        ),
        r"after",
    ),
    Item.PROVISIONS: Wording(
        (
            "provisions other than tax and contingencies",
            "provisions and contingencies other than tax",
            "provisions and contingencies",
        ),
        r"profit|excluding|coverage|^total exp",
    ),
}
_AGAINST = {item: re.compile(one.against) for item, one in WORDINGS.items()}
TAX_PARTS = re.compile(
    r"current|deferred|earlier|prior|previous|mat|short|excess|adjust", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that may be an item, with a label score of 0 to 100."""

    row: int
    score: float


@lru_cache(maxsize=_REMEMBERED)
def plain(label: str) -> str:
    """A label in lower case without numbering, formulas and punctuation."""
    text = _FORMULA.sub(" ", label.lower().replace("&", " and "))
    text = _MARKS.sub("", text.strip())
    return " ".join(_PUNCTUATION.sub(" ", text).split())


@lru_cache(maxsize=_REMEMBERED)
def score(item: Item, label: str) -> float:
    """0 to 100; a word that shows another line costs most of it."""
    text = plain(label)
    if not text:
        return 0.0
    ordered = _in_order(text)
    best = max(
        max(fuzz.ratio(text, phrase), fuzz.ratio(ordered, _in_order(phrase)))
        if len(text) < len(phrase) * 0.6
        else max(
            fuzz.ratio(ordered, _in_order(phrase)),
            0.93 * fuzz.token_set_ratio(text, phrase),
        )
        for phrase in WORDINGS[item].phrases
    )
    penalty = _NEGATIVE_COST if _AGAINST[item].search(text) else 0.0
    return max(0.0, best - penalty)


@lru_cache(maxsize=_REMEMBERED)
def strict_score(item: Item, label: str) -> float:
    """Like ``score``, but extra words count against it."""
    text = plain(label)
    if not text or _AGAINST[item].search(text):
        return 0.0
    ordered = _in_order(text)
    phrases = WORDINGS[item].phrases
    return max(fuzz.ratio(ordered, _in_order(phrase)) for phrase in phrases)


@lru_cache(maxsize=_REMEMBERED)
def _in_order(text: str) -> str:
    """Its words sorted: their plain ratio is what ``token_sort_ratio`` gives."""
    return " ".join(sorted(text.split()))


def row_score(item: Item, row: Row) -> float:
    """The best of a row's own label and its wrapped variants."""
    own = score(item, row.label)
    above = score(item, f"{row.above} {row.label}") if row.above else 0.0
    below = 0.0
    if row.below and _begun(item, row):
        below = score(item, f"{row.label} {row.below}")
    # A free label line more often opens the next row than ends this one.
    return max(own, above - _VARIANT_COST, below - 2 * _VARIANT_COST)


def _begun(item: Item, row: Row) -> bool:
    """Whether a row may take the free line below it for the end of its own label.

    Below a line between expenses and profit the next one may be an adjustment printed
    as a dash, which is a row without figures: its name must not pass to this one.
    """
    word = _ADJUSTMENTS.get(item)
    if word is None or not row.label:
        return True
    return fuzz.partial_ratio(word, f"{row.above} {row.label}".lower()) >= _ALIKE


def candidates(item: Item, rows: Sequence[Row]) -> list[Candidate]:
    """The best few rows for an item, best first."""
    scored = [Candidate(i, row_score(item, row)) for i, row in enumerate(rows)]
    kept = [one for one in scored if one.score >= _FLOOR]
    return sorted(kept, key=lambda one: (-one.score, one.row))[:_MOST]
