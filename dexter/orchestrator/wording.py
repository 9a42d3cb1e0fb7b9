"""The words a model may not use on its own, as tables: numbers, directions, advice."""

import re
from collections.abc import Mapping

_CARDINALS = (
    "zero|nil|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    "|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fourty"
    "|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|lakhs?|lacs?|crores?"
    "|millions?|billions?|trillions?|dozens?|ek|das|sau|hazaar"
)
_ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh"
    "|twelfth|twentieth|hundredth"
)
_MULTIPLES = (
    "double[sd]?|doubling|twofold|twice|thrice|treble[sd]?|trebling|triple[sd]?"
    "|tripling|quadruple[sd]?|quadrupling|quintupl\\w*|tenfold|\\w+fold|manifold|half"
    "|halves|halved?|halving|couple|quarters? of|two-thirds|thirds?|single|pair"
    "|per ?cent(?:age)?|percents?|basis points?|bps"
)
# Words that look like numbers and are none.
_HARMLESS = re.compile(
    r"\b(?:one-off|one-time|no one|percentage points?|scaffold|unfold)\b",
    re.IGNORECASE,
)
NUMBER_WORD = re.compile(
    rf"\b(?:{_CARDINALS}|{_ORDINALS}|{_MULTIPLES})\b", re.IGNORECASE
)
ROMAN_PERIOD = re.compile(r"\b(?:Q|H|FY|quarter|half)\s*[IVX]+\b")
ADVICE = re.compile(
    r"\b(?:buy|sell|accumulate|book profits?|strong hold|must own|invest in|short)\b",
    re.IGNORECASE,
)

_UP = (
    "rise|rises|rose|risen|rising|grow|grows|grew|grown|growing|increase[sd]?"
    "|increasing|climb(?:s|ed|ing)?|jump(?:s|ed|ing)?|surge[sd]?|surging"
    "|gain(?:s|ed|ing)?|advance[sd]?|advancing|expand(?:s|ed|ing)?|expansion"
    "|up|higher|above|over(?= \\{\\{)"
    "|beat|beats|beaten|exceed(?:s|ed|ing)?|outperform\\w*"
    "|more than|greater|soar(?:s|ed|ing)?|rall(?:y|ies|ied)|accelerat\\w+|outpac\\w+"
    "|rebound\\w*|recover(?:s|ed|y|ing)?|swell\\w*|ahead of|topped|upward|positive"
)
_DOWN = (
    "fall|falls|fell|fallen|falling|decline[sd]?|declining|decrease[sd]?|decreasing"
    "|under(?= \\{\\{)"
    "|drop(?:s|ped|ping)?|shr[iau]nk\\w*|contract(?:s|ed|ing|ion)?|slip(?:s|ped|ping)?"
    "|slid(?:e|es|ing)?|down|lower|below|miss|misses|missed|less than|smaller"
    "|plunge[sd]?|plunging|slump\\w*|tumble[sd]?|sank|sink(?:s|ing)?|decelerat\\w+"
    "|lag(?:s|ged|ging)?|trail(?:s|ed|ing)?|behind|negative|downward|reduc\\w+"
    "|underperform\\w*|weaken\\w*|erod\\w+|dip(?:s|ped|ping)?|compress\\w*|short of"
)
_BETTER = "improve[sd]?|improving|improvement|better|stronger"
_WORSE = "worsen(?:s|ed|ing)?|worse|deteriorat\\w+|weaker"
_LOSS = "loss|losses|loss-making"
DIRECTION = re.compile(
    rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<better>{_BETTER})|(?P<worse>{_WORSE})"
    rf"|(?P<loss>{_LOSS}))\b",
    re.IGNORECASE,
)
NEGATION = re.compile(
    r"\b(?:not|no|never|hardly|barely|without|neither|nor|failed to|rather than"
    r"|instead of|n't|despite)\b|n['’]t\b",
    re.IGNORECASE,
)
# Where one statement about one figure ends and the next begins.
CLAUSE = re.compile(
    r"[;:]|,(?!\d)|—|–|\b(?:and|but|while|whereas|although|though|as against)\b",
    re.IGNORECASE,
)
LOWER_IS_BETTER = frozenset(
    {
        "total_expenses",
        "finance_costs",
        "employee_cost",
        "gross_npa_ratio",
        "net_npa_ratio",
        "provisions",
        "total_expenses_yoy",
        "total_expenses_qoq",
    }
)

# Nouns for measures, longest first where one contains another, and the evidence
# names each may stand beside (by prefix).
MEASURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("revenue from operations|revenues?|sales|turnover|top ?line", ("revenue",)),
    ("other income", ("other_income",)),
    ("total income", ("total_income",)),
    ("total expenses|expenses|costs", ("total_expenses", "employee", "finance")),
    ("profit before tax|pre-tax profit|pbt", ("profit_before",)),
    (
        "net margin|net profit margin|profit margin|margins?",
        ("net_margin", "margin_percentile", "operating_margin"),
    ),
    (
        "earnings surprise|surprise|sue|standardi[sz]ed unexpected earnings",
        ("sue", "surprise", "rank"),
    ),
    (
        "earnings per share|basic eps|diluted eps|eps",
        ("eps",),
    ),
    (
        (
            r"(?:net )?profits?|profit after tax|bottom ?line|pat|net income|earnings"
            r"|(?:net )?loss(?:es)?"
        ),
        ("net_profit", "profit", "sue", "net_margin", "operating_profit"),
    ),
    ("interest earned", ("interest_earned",)),
    ("tax expense|taxes", ("tax", "current_tax", "deferred_tax")),
    ("share prices?|stocks?|shares?|clos(?:e|ed|ing)|reaction", ("close", "reaction")),
    ("headlines?|announcements?", ("headline",)),
    (
        "upper (?:price )?(?:band|circuit)|circuit",
        ("circuit", "probability", "base_rate"),
    ),
    ("pivot|contractions?|template|dry-up", ("vcp_",)),
    ("blockbuster(?: score)?", ("blockbuster", "surprise_", "growth_", "quality_")),
    ("base rate", ("base_rate",)),
    ("probability|likelihood|chance", ("probability", "base_rate")),
)
_NOUN = re.compile(
    "|".join(rf"(?P<m{i}>\b(?:{nouns})\b)" for i, (nouns, _) in enumerate(MEASURES)),
    re.IGNORECASE,
)


def number_words(text: str) -> list[str]:
    """Words that state a number, outside the harmless compounds."""
    cleaned = _HARMLESS.sub(" ", text)
    return [m.group(0) for m in NUMBER_WORD.finditer(cleaned)] + [
        m.group(0) for m in ROMAN_PERIOD.finditer(cleaned)
    ]


def measure_before(text: str) -> tuple[str, tuple[str, ...]] | None:
    """The last measure named in a piece of text, and the names it may stand beside."""
    last: tuple[str, tuple[str, ...]] | None = None
    for found in _NOUN.finditer(text):
        index = int((found.lastgroup or "m0")[1:])
        last = (found.group(0), MEASURES[index][1])
    return last


def expected_sign(word: re.Match[str], name: str) -> int:
    """The sign a direction word promises for a change of a measure."""
    groups: Mapping[str, str | None] = word.groupdict()
    sign = 1 if groups["up"] or groups["better"] else -1
    flips = (groups["better"] or groups["worse"]) and name in LOWER_IS_BETTER
    return -sign if flips else sign
