"""Who a document is from: name, codes, ISIN and CIN as its pages print them.

Codes count only when every place that prints one prints the same; a name must be said
in more kinds of place than any other name, because letterheads misread, hidden text
lies, and letters name exchanges, auditors and subsidiaries too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dexter.domain.identity import Identity, Seen
from dexter.extraction.about.names import Named, the_name
from dexter.extraction.pages.hints import hinted

_GAP = r"[^0-9A-Za-z]{0,8}"
_TICKER = r"([A-Z][A-Z0-9&-]{1,15})\b"
# Equity scrip codes; a PIN code of Hyderabad or Bengaluru looks alike.
_SCRIP = re.compile(
    rf"(?:\b(\w+)[\s.]*)?\bcode\b{_GAP}(?:no\b{_GAP})?(5[0-4]\d{{4}}|590\d{{3}})\b",
    re.IGNORECASE,
)
_NOT_SCRIP = {"pin", "pincode", "postal", "zip", "area", "std", "branch", "ifsc"}
_SYMBOL = re.compile(
    rf"(?i:symbol|\bnse\s+(?:scrip|stock)?\s*(?:code|id)|\b(?:scrip|stock)\s*code)"
    rf"\s*[:\-–]+\s*{_TICKER}"
)
_SECURITY = re.compile(rf"(?i:\bsecurity\s*id)\b\W{{0,5}}{_TICKER}")
# A pattern that begins with letters is looked for much faster than one with a ``\b``.
_ISIN = re.compile(r"INE(?<=\bINE)[A-Z0-9]{4}01\d{3}\b")
_CIN = re.compile(
    r"[LU](?<=\b[LU])\d{5}[A-Z]{2}(?:19|20)\d{2}(?:PLC|GOI|SGC|PTC)\d{6}\b"
)
_HINTS = {
    _SCRIP: re.compile(rf"code{_GAP}(?:no{_GAP})?5[0-49]\d{{4}}"),
    _SYMBOL: re.compile(r"symbol|code|nse\s"),
    _SECURITY: re.compile(r"security\s*id"),
}
_NOT_TICKER = {"BSE", "NSE", "EQ", "CODE", "SCRIP", "SYMBOL", "ISIN", "NO", "SERIES"}
_SHOWN = 160


@dataclass(frozen=True, slots=True)
class _Found:
    value: str
    page: int
    line: str


def identify(texts: Sequence[str]) -> Identity:
    """Read who a document is from.

    Args:
        texts: The text of each page, from the first; characters or OCR, visible text
            if it can be told apart. Small misreadings are expected.

    Returns:
        Each value with where it was seen; absent when not printed, or when two
        different ones are.
    """
    if not texts:
        return Identity()
    return Identity(
        name=_named(the_name(texts)),
        scrip_code=_unanimous(_scrip_codes(texts)),
        symbol=_unanimous(_matches(texts, _SYMBOL, 1)),
        security_id=_unanimous(_matches(texts, _SECURITY, 1)),
        isin=_unanimous(f for f in _matches(texts, _ISIN, 0) if isin_holds(f.value)),
        cin=_unanimous(_matches(texts, _CIN, 0)),
    )


def isin_holds(isin: str) -> bool:
    """Whether the last digit of an ISIN is its check digit (ISO 6166, Luhn)."""
    digits = "".join(str(int(letter, 36)) for letter in isin)
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value // 10 + value % 10
    return total % 10 == 0


def _scrip_codes(texts: Sequence[str]) -> Iterator[_Found]:
    for page, text, found in _findings(texts, _SCRIP):
        if (found.group(1) or "").lower() not in _NOT_SCRIP:
            yield _Found(found.group(2), page, _line(text, found))


def _matches(
    texts: Sequence[str], pattern: re.Pattern[str], group: int
) -> Iterator[_Found]:
    for page, text, found in _findings(texts, pattern):
        if found.group(group) not in _NOT_TICKER:
            yield _Found(found.group(group), page, _line(text, found))


def _findings(
    texts: Sequence[str], pattern: re.Pattern[str]
) -> Iterator[tuple[int, str, re.Match[str]]]:
    hint = _HINTS.get(pattern)
    for page, text in enumerate(texts, 1):
        if hint is None or hinted(hint, text):
            for found in pattern.finditer(text):
                yield page, text, found


def _unanimous(found: Iterator[_Found]) -> Seen | None:
    """The one value all places print, or none."""
    places = list(found)
    if len({place.value for place in places}) != 1:
        return None
    first = places[0]
    return Seen(first.value, first.page, first.line, len(places))


def _named(named: Named | None) -> Seen | None:
    if named is None:
        return None
    return Seen(named.name, named.page, named.line, named.times, named.kinds)


def _line(text: str, found: re.Match[str]) -> str:
    start = text.rfind("\n", 0, found.start()) + 1
    end = text.find("\n", found.end())
    return " ".join(text[start : end if end >= 0 else None].split())[:_SHOWN]
