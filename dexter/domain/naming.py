"""Which values a question calls by name: lines of a statement, and features."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Which tool brings a value."""

    LINE = "line"
    FEATURE = "feature"


@dataclass(frozen=True, slots=True)
class Named:
    """A value named in words: any of ``names`` is what was asked for."""

    kind: Kind
    said: str
    names: tuple[str, ...]
    start: int = 0


_EPS = "(?:eps|earnings per share)"
# Longer phrases stand before those they contain; a word serves one of them.
_FEATURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        (
            r"p\s?[/-]?\s?e(?: ratios?| multiples?)?|price[ -]to[ -]earnings"
            r"|price[ -]earnings|earnings multiples?"
        ),
        ("pe_ttm",),
    ),
    ("earnings yield", ("earnings_yield_ttm",)),
    (r"p\s?[/-]?\s?b(?: ratio| multiple)?|price[ -]to[ -]book", ("pb",)),
    (
        r"p\s?/\s?s(?: ratio)?|price[ -]to[ -]sales|price[ -]to[ -]revenue",
        ("price_to_sales_ttm",),
    ),
    ("valuations?", ("pe_ttm", "pb", "price_to_sales_ttm")),
    ("roe|returns? on (?:equity|net ?worth)", ("roe_ttm",)),
    ("roa|returns? on assets", ("roa",)),
    (
        r"d\s?/\s?e(?: ratio)?|debt(?:[ -]to[ -]|[ -]?/[ -]?|[ -])equity(?: ratio)?",
        ("debt_to_equity",),
    ),
    ("rsi|relative strength index", ("rsi_14",)),
    ("macd signal", ("macd_signal",)),
    ("macd histogram", ("macd_histogram",)),
    ("macd", ("macd_line", "macd_signal", "macd_histogram")),
    ("atr|average true range", ("atr_14",)),
    ("adx|average directional index", ("adx_14",)),
    (
        "bollinger(?: bands?)?",
        ("bollinger_upper", "bollinger_middle", "bollinger_lower"),
    ),
    (
        r"50[ -]?(?:day )?(?:sma|[ds]?ma|moving averages?)|sma[ -]?50",
        ("sma_50",),
    ),
    (
        r"200[ -]?(?:day )?(?:sma|[ds]?ma|moving averages?)|sma[ -]?200",
        ("sma_200",),
    ),
    ("sma|dma|moving averages?", ("sma_50", "sma_200")),
    ("stochastics?", ("stochastic_14",)),
    ("betas?", ("beta_120",)),
    ("volatility(?! contract)", ("volatility_20", "volatility_60", "volatility_250")),
    ("drawdowns?", ("drawdown_60",)),
    ("momentum", ("momentum_12_1",)),
    ("rs rating|relative strength rating", ("rs_rating",)),
    ("operating (?:profit )?margins?", ("operating_margin",)),
    ("(?:effective )?tax rates?", ("tax_rate",)),
    ("interest cover(?:age)?(?: ratio)?", ("interest_cover",)),
    ("cost[ -]to[ -]income(?: ratio)?", ("cost_to_income",)),
    ("cet[ -]?1(?: ratio)?", ("cet1_ratio",)),
    ("delivery (?:share|percentage)", ("delivery_share_20",)),
    ("52[ -]?weeks? highs?", ("distance_to_high_252",)),
    ("52[ -]?weeks? lows?", ("distance_to_low_252",)),
)
_LINES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("other income", ("other_income",)),
    ("total income", ("total_income",)),
    (
        (
            "(?:employees?|staff|wage|salary|personnel)(?: benefits?)? "
            "(?:costs?|expenses?|bills?|expenditure)"
        ),
        ("employee_cost",),
    ),
    (
        "(?:finance|financing|borrowing|interest) (?:costs?|expenses?|outgo)",
        ("finance_costs", "interest_expended"),
    ),
    ("interest (?:paid|expended)", ("interest_expended",)),
    ("interest (?:earned|income)", ("interest_earned",)),
    ("depreciation(?: and amorti[sz]ation)?", ("depreciation",)),
    (
        "provisions?(?! coverage)|provisioning",
        ("provisions",),
    ),
    ("profits? before exceptional items?", ("profit_before_exceptional_items",)),
    ("exceptional (?:items?|gains?|loss(?:es)?)", ("exceptional_items",)),
    ("gross npas?|gnpas?|gross non-performing assets", ("gross_npa_ratio",)),
    ("net npas?|nnpas?|net non-performing assets", ("net_npa_ratio",)),
    ("npas?|bad loans|asset quality", ("gross_npa_ratio", "net_npa_ratio")),
    (
        (
            "operating (?:profits?|income)"
            "|pre-?provision(?:ing)? (?:operating )?profits?|ppop"
        ),
        ("operating_profit_before_provisions",),
    ),
    (
        "(?:total )?(?:expenses?|expenditure|costs?)",
        ("total_expenses",),
    ),
    ("pbt|profits? before tax|pre-?tax profits?", ("profit_before_tax",)),
    (
        (
            "pat|(?:net )?profits? after tax|(?:net )?profits?(?! before| margin)"
            "|bottom-?line|net income|net loss(?:es)?|loss(?:es)?|earn(?:ed|s)?"
            "|how much (?:did|does|has) (?:it )?(?:make|made)|munaf[ae]+|laabh|labh"
        ),
        ("net_profit",),
    ),
    ("(?:net |profit )?margins?", ("net_margin",)),
    (
        rf"diluted(?: {_EPS}|(?= (?:and|or|&) basic {_EPS}))",
        ("eps_diluted",),
    ),
    (
        rf"(?:basic )?{_EPS}|basic(?= (?:and|or|&) \x00)",
        ("eps_basic",),
    ),
    (
        (
            "(?:total )?(?:revenues?|sales)(?: from operations)?|turn-?over|top-?line"
            "|bikri|kamai"
        ),
        ("revenue_from_operations",),
    ),
    ("tax(?:es)?(?: expenses?)?", ("tax",)),
)
# Of a bank its income stands where others have revenue.
_INSTEAD = {
    "revenue_from_operations": ("total_income", "interest_earned"),
    "net_profit": ("net_profit_owners",),
}


def _compiled(
    kind: Kind, table: Iterable[tuple[str, tuple[str, ...]]]
) -> tuple[tuple[Kind, re.Pattern[str], tuple[str, ...]], ...]:
    return tuple(
        (kind, re.compile(rf"\b(?:{said})(?!\w)", re.IGNORECASE), names)
        for said, names in table
    )


_TABLE = (*_compiled(Kind.FEATURE, _FEATURES), *_compiled(Kind.LINE, _LINES))


def named_in(words: str) -> tuple[Named, ...]:
    """Everything named in the words, by place; a word serves the longest phrase."""
    found: list[Named] = []
    for kind, pattern, names in _TABLE:
        found += [
            Named(kind, match.group().strip(), names, match.start())
            for match in pattern.finditer(words)
        ]
        words = pattern.sub(lambda match: "\x00" * len(match.group()), words)
    return tuple(sorted(found, key=lambda one: one.start))


def spelled(name: str, words: str) -> bool:
    """Whether all the words of a value's own name stand in these."""
    own = [part for part in name.split("_") if part.isalpha() and len(part) > 1]
    there = set(re.findall(r"[a-z]+", words.lower()))
    return bool(own) and there.issuperset(own)


def without_named(words: str) -> str:
    """The words with a NUL for every character of what is named in them."""
    for _, pattern, _ in _TABLE:
        words = pattern.sub(lambda match: "\x00" * len(match.group()), words)
    return words


def served(named: Named, names: Iterable[str]) -> bool:
    """Whether one of these values is what was named, or stands in its place."""
    there = set(names)
    wanted = {one for name in named.names for one in (name, *_INSTEAD.get(name, ()))}
    return bool(wanted & there)
