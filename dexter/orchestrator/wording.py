"""What a model may not write on its own, as tables: numbers, names, advice, causes."""

import re

_UNITS = (
    "zero(?:e?s)?|nought|naught|nil|one|two|three|four|five|six|seven|eight|nine|ten"
    "|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    "|twenty|thirty|fou?rty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million"
    "|billion|trillion|lakh|lac|crore|dozen"
)
_CARDINALS = (
    rf"(?:{_UNITS})+(?:e?s|th|ths)?|(?:twen|thir|for|fif|six|seven|eigh|nine)t(?:ies|ieths?)"
    r"|ek|das|sau|hazaa?r|karod"
)
_ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh"
    "|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth"
    "|nineteenth|umpteen(?:th)?"
)
_MULTIPLES = (
    r"doubl(?:e[sd]?|ing)|twice|thrice|trebl(?:e[sd]?|ing)|tripl(?:e[sd]?|ing|y)"
    r"|quadrupl\w*|quintupl\w*|[\w-]+fold|half|hal(?:ves|ved?|ving)|couple|pair|single"
    r"|a quarter (?:of|more|less|higher|lower)|by a quarter(?! (?:ago|before|earlier))"
    r"|thirds|quartiles?|quintiles?|deciles?|dual|twin|trio|duo|quartet|decades?"
    r"|centur(?:y|ies)|fortnights?"
)
_SCALES = (
    r"per[ -]?cent(?:age)?|percents?|pct|basis points?|bps?|mn|bn|tn|cr|lk|rs|inr|usd"
    r"|eur|dollars?|euros?|pounds? sterling|yen"
)
# Words that look like numbers and are none.
_HARMLESS = re.compile(
    r"\b(?:one-off|one-time|no one|scaffold|unfold|blindfold|at once"
    r"|percentage points?)\b",
    re.IGNORECASE,
)
NUMBER_WORD = re.compile(
    rf"\b(?:{_CARDINALS}|{_ORDINALS}|{_MULTIPLES}|{_SCALES})\b", re.IGNORECASE
)
# A quarter or year written with letters: Q IV, FY XXV, quarter iv.
_LETTERED = re.compile(
    r"\b(?:fy\w*|[qh]\s*[ivx]+|(?:quarter|half|year)\s+[ivxlcdm]+)\b", re.IGNORECASE
)
# Letters that stand alone spell something (“t w o”, “Q”); “a” is a word.
_LONE = re.compile(r"(?<![\w'’.-])[b-zB-Z](?![\w'’.-])")
_TIMES_WORD = (
    r"times|sessions|days|weeks|months|years|quarters|hours|points?|percentage points?"
    r"|standard deviations?|rupees?|paise|paisa|shares|people"
)
UNIT_AFTER = re.compile(
    rf"\s+({_TIMES_WORD}|(?:a|each|every|per) (?:day|week|month|quarter|year)"
    r"(?! (?:ago|before|earlier)))\b(?![ -]on[ -])",
    re.IGNORECASE,
)
# A quarter's figure is none of these.
SPAN = re.compile(
    r"\b(?:full[- ]year|annual(?! (?:growth|change|rate))|year[- ]to[- ]date"
    r"|for the (?:whole |full |fiscal )?year|half[- ]year\w*|averag\w+|cumulative\w*"
    r"|over the years|run[- ]rate|monthly|weekly|daily|per (?!share\b)\w+)\b",
    re.IGNORECASE,
)

# Only these may stand outside references: no digits, signs, markup or look-alikes.
_TYPABLE = re.compile(r"[A-Za-z \x00.,;:!?()'’“”/–—-]*")
_APOSTROPHE = re.compile(r"['’](?!s?\b)(?<![A-Za-z]['’])|(?<=\x00)['’](?!s\b)")
# Quotation marks are code's, around third parties' words; a feature's label has them.
LABEL = re.compile(r"feature “[^“”]*”")

ADVICE = re.compile(
    r"\b(?:buy(?:s|ing|ers?)?|bought|sell|selling(?! expenses| costs| prices?)"
    r"|accumulat(?:e|ing)|book profits?|take profits?|strong hold|must[- ]own"
    r"|invest(?:ing)? in|go long|short(?! of\b|[- ](?:term|lived))|shorting"
    r"|(?:investors?|shareholders?|you|one) (?:should|could|may|might|must|ought|can)"
    r"|recommend\w*|(?:price )?targets?|undervalued|overvalued|cheap(?:er|ly)?"
    r"|expensive|attractive\w*|upside|downside|multibagger|overweight|underweight"
    r"|bullish|bearish|bargain|entry point|hold (?:the|this|its) (?:stock|shares?)"
    r"|worth (?:owning|holding|adding)|a steal|stay away"
    r"|avoid the (?:stock|shares?))\b",
    re.IGNORECASE,
)
CAUSE = re.compile(
    r"\b(?:because(?: of)?|due to|driven by|owing to|thanks to|on the back of"
    r"|on account of|helped by|hurt by|boosted by|weighed down by|dragged (?:down )?by"
    r"|attributable to|caused by|fuelled by|fueled by|buoyed by|propelled by|amid)\b",
    re.IGNORECASE,
)
OUTLOOK = re.compile(
    r"\b(?:outlook|guidance|going forward|poised to|set to|likely to|forecasts?"
    r"|(?:is|are) expected to|next (?:quarter|year)|in the coming|will)\b",
    re.IGNORECASE,
)
EXPECTED = re.compile(
    r"\b(?:consensus|analysts?|(?:the )?street|estimates?|estimated|expectations?"
    r"|expected|forecasts?)\b",
    re.IGNORECASE,
)
DISCLAIMED = re.compile(
    r"\b(?:rather than|not|no|instead of|without)\b[^\x00,;:]{0,40}$", re.IGNORECASE
)
SUPERLATIVE = re.compile(
    r"\b(?:highest|lowest|best(?! of)|worst|strongest|weakest|largest|smallest|biggest"
    r"|greatest|steepest|sharpest|fastest|slowest|all-time|unprecedented|multi-year"
    r"|historic|ever|peak\w*|troughs?|(?:at|to|hit) (?:a|an|its) (?:\w+ )?(?:high|low)"
    r"|(?:a|at|new|hit|set) records?|record[ -](?:high|low|breaking"
    r"|revenues?|profits?|sales|earnings|quarter|levels?|margins?|net|growth))\b",
    re.IGNORECASE,
)
# Where one statement about one figure ends and the next begins.
CLAUSE = re.compile(
    r"[;:]|,(?!\d)|—|–|\b(?:and|but|while|whereas|although|though|as against"
    r"|even as|yet)\b",
    re.IGNORECASE,
)


def untypable(masked: str) -> list[str]:
    """Characters that have no place in a model's words, each once."""
    odd = [c for c in dict.fromkeys(masked) if not _TYPABLE.fullmatch(c)]
    if _APOSTROPHE.search(masked):
        odd.append("'")
    if set("“”") & set(LABEL.sub("", masked)):
        odd.append("“")
    return odd


def number_words(text: str) -> list[str]:
    """Words that state a number or name a period, outside the harmless compounds."""
    cleaned = _HARMLESS.sub(" ", text)
    return [
        m.group(0)
        for pattern in (NUMBER_WORD, _LETTERED, _LONE)
        for m in pattern.finditer(cleaned)
    ]
