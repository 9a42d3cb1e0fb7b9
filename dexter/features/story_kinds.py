"""What a story is about, by the category it was filed under, else by its words."""

import re
from enum import IntEnum


class Kind(IntEnum):
    """Kinds of stories; a column of stories keeps the numbers."""

    OTHER = 0
    RESULTS = 1
    DIVIDEND = 2
    BONUS = 3
    SPLIT = 4
    BUYBACK = 5
    ORDER = 6
    ACQUISITION = 7
    RATING = 8
    RATING_UP = 9
    RATING_DOWN = 10
    FUND_RAISING = 11
    MANAGEMENT = 12
    DISTRESS = 13
    CLARIFICATION = 14
    PRICE_MOVEMENT = 15
    MEET = 16
    PRESS_RELEASE = 17
    BOARD_MEETING = 18


PAYOUTS = (Kind.DIVIDEND, Kind.BONUS, Kind.SPLIT, Kind.BUYBACK)
RATINGS = (Kind.RATING, Kind.RATING_UP, Kind.RATING_DOWN)

_GOT = r"\b(?:award\w*|bag(?:s|g\w+)|receipt|receiv\w+|secur(?:es|ed)|wins?|won)\b"

# Of a category; the first that is found counts.
_FILED = (
    (Kind.PRICE_MOVEMENT, r"price movement|spurt in volume|movement in price"),
    (Kind.CLARIFICATION, r"clarification"),
    (Kind.RATING, r"credit rating"),
    (Kind.BUYBACK, r"buy ?-?back"),
    (Kind.BONUS, r"\bbonus\b"),
    (Kind.SPLIT, r"\bsplit\b|sub-?division"),
    (Kind.DIVIDEND, r"dividend"),
    (Kind.ORDER, rf"{_GOT}.{{0,20}}\b(?:order|contract)"),
    (Kind.DISTRESS, r"orders passed|pledge|encumbr|default|litigation|insolvency|cirp"),
    (Kind.MEET, r"analyst|investor meet|con\. call|earnings call|presentation"),
    (Kind.RESULTS, r"financial result|audited result|^results?\b|result updates"),
    (Kind.ACQUISITION, r"acqui|amalgamat|merger|takeover"),
    (Kind.FUND_RAISING, r"allotment|preferential|qip|rights issue|fund rais|debenture"),
    (
        Kind.MANAGEMENT,
        r"change in (?:director|management)|resign|appointment|cessation",
    ),
    (Kind.PRESS_RELEASE, r"press release|media release"),
    (Kind.BOARD_MEETING, r"board meeting"),
)
# Of the words of a story whose category says little.
_SAID = (
    (Kind.BUYBACK, r"buy ?-?back"),
    (Kind.BONUS, r"bonus (?:issue|share)"),
    (Kind.SPLIT, r"stock split|split of (?:shares|face)|sub-?division"),
    (Kind.DIVIDEND, r"(?:interim|final|special) dividend|dividend of"),
    (Kind.ORDER, rf"{_GOT}.{{0,60}}\b(?:order|contract)s?\b"),
    (Kind.RATING, r"credit rating|rating (?:upgrade|downgrade|action|reaffirm)"),
    (Kind.DISTRESS, r"invo\w+ of pledge|insolvency|default in (?:pay|re)|show cause"),
    (Kind.RESULTS, r"financial results?|q[1-4] (?:results?|profit|net)|net profit"),
    (Kind.ACQUISITION, r"acquisition of|to acquire|acquires|amalgamation|merger"),
    (Kind.FUND_RAISING, r"allotment of|preferential issue|\bqip\b|rights issue"),
    (Kind.MANAGEMENT, r"resignation of|appointment of|appoints|steps down"),
)
_SAYS_LITTLE = {Kind.OTHER, Kind.PRESS_RELEASE, Kind.BOARD_MEETING}
_UP = re.compile(r"upgrad|revised upward|outlook.{0,40}to positive|enhanced")
_DOWN = re.compile(r"downgrad|revised downward|outlook.{0,40}to negative|default")


_Rules = tuple[tuple[Kind, re.Pattern[str]], ...]


def _compiled(rules: tuple[tuple[Kind, str], ...]) -> _Rules:
    return tuple((kind, re.compile(rule)) for kind, rule in rules)


_BY_CATEGORY, _BY_WORDS = _compiled(_FILED), _compiled(_SAID)


def kind_of(title: str, text: str) -> Kind:
    """What a story is about.

    Args:
        title: The category an announcement was filed under, or a headline.
        text: What it says beside, perhaps nothing.
    """
    category, said = title.lower(), f"{title} {text}".lower()
    kind = _first(_BY_CATEGORY, category)
    if kind in _SAYS_LITTLE:
        told = _first(_BY_WORDS, said)
        kind = kind if told is Kind.OTHER else told
    if kind is Kind.RATING and _DOWN.search(said):
        return Kind.RATING_DOWN
    if kind is Kind.RATING and _UP.search(said):
        return Kind.RATING_UP
    return kind


def _first(rules: _Rules, text: str) -> Kind:
    return next((kind for kind, rule in rules if rule.search(text)), Kind.OTHER)
