"""Comparison markers: "year on year", "QoQ", "vs the previous quarter"."""

import re
from enum import StrEnum

_AGAINST = (
    r"(?:vs\.?|versus|against|than|since|compared\s+(?:to|with)|relative\s+to|with|to)"
    r"\s+(?:(?:the|its|their|that\s+of)\s+)?"
)
_BEFORE = r"(?:last|previous|prior|preceding)"

_YEAR_ON_YEAR = re.compile(
    r"\b(?:"
    r"year[\s-]+(?:on|over)[\s-]+year|y-?o-?y|y/y"
    r"|(?:(?:from|over|on)\s+)?(?:the\s+)?(?:same|corresponding|comparable)"
    r"\s+(?:quarter|period)\s+(?:(?:of|in)\s+)?"
    rf"(?:the\s+)?(?:{_BEFORE}|a)\s+(?:(?:financial|fiscal)\s+)?year(?:\s+ago|\s+earlier)?"
    r"|(?:(?:a|one)\s+)?year[\s-]+(?:ago|earlier)(?:\s+(?:quarter|period))?"
    rf"|(?:{_AGAINST}|(?:over|from|on)\s+(?:the\s+)?){_BEFORE}\s+year(?!['’]s)"
    r")\b",
    re.IGNORECASE,
)
_SEQUENTIAL = re.compile(
    r"\b(?:"
    r"sequential(?:ly)?|q-?o-?q|q/q|quarter[\s-]+(?:on|over)[\s-]+quarter"
    rf"|(?:{_AGAINST}){_BEFORE}\s+(?:quarter|qtr)(?:['’]s)?"
    r"|(?:over|from|on)\s+(?:the\s+)?(?:previous|prior|preceding)\s+(?:quarter|qtr)"
    r"|(?:and|or)\s+the\s+(?:one|quarter)\s+before(?:\s+(?:it|that))?"
    r"|(?:up|down|rose|fell|grew|changed?|rise|fall|growth)\s+(?:from|on|over)"
    r"\s+(?:the\s+)?last\s+(?:quarter|qtr)"
    r"|(?:the\s+)?immediately\s+preceding\s+(?:quarter|qtr)"
    r")\b",
    re.IGNORECASE,
)


class Comparison(StrEnum):
    """Which base a growth figure is asked against."""

    YEAR_ON_YEAR = "year_on_year"
    SEQUENTIAL = "sequential"


def find_comparison(text: str) -> Comparison | None:
    """The comparison a text asks for by a marker; the earlier one when it has both."""
    found = [
        (match.start(), kind)
        for kind, match in (
            (Comparison.YEAR_ON_YEAR, _YEAR_ON_YEAR.search(text)),
            (Comparison.SEQUENTIAL, _SEQUENTIAL.search(text)),
        )
        if match
    ]
    return min(found)[1] if found else None


def comparison_spans(text: str) -> list[tuple[int, int]]:
    """Where the markers stand, so that nobody reads a period into them."""
    return [
        match.span()
        for pattern in (_YEAR_ON_YEAR, _SEQUENTIAL)
        for match in pattern.finditer(text)
    ]
