"""The kinds of value a recorded shape speaks of, by name."""

import re
from collections.abc import Callable
from functools import cache

from dexter.sources.text import shown

_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_TIME = r"\d\d:\d\d(?::\d\d)?"
_PATTERNS = {
    "digits": r"\d+",
    "decimal": r"[-+]?(?:\d[\d,]*)?\.?\d+\.?",
    "dash": r"-",
    "blank": r"",
    "isin": r"[a-z]{2}[a-z0-9]{9}\d",
    "band": r"no band|\d{1,3}(?:\.\d+)?",
    "side": r"h|l|high|low",
    "iso moment": r"\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d(?:\.\d{1,7})?",
    "nse moment": rf"\d\d-{_MONTH}-\d{{4}} {_TIME}",
    "yyyy-mm-dd": r"\d{4}-\d\d-\d\d",
    "dd/mm/yyyy": r"\d\d/\d\d/\d{4}",
    "dd-mm-yyyy": r"\d\d-\d\d-\d{4}",
    "dd-Mmm-yyyy": rf"\d\d-{_MONTH}-\d{{4}}",
    "dd-Mmm-yy": rf"\d\d-{_MONTH}-\d\d",
    "dd Mmm yyyy": rf"\d\d {_MONTH} \d{{4}}",
    "ddmmyyyy": r"\d{8}",
}


_OTHERS: dict[str, Callable[[object], bool]] = {
    "text": lambda value: isinstance(value, str),
    "name": lambda value: isinstance(value, str) and bool(value.strip()),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool)
    ),
    "null": lambda value: value is None,
}
KINDS = frozenset(_PATTERNS) | frozenset(_OTHERS)


@cache
def any_of(kinds: tuple[str, ...]) -> Callable[[object], bool]:
    """A test for values of any of these kinds; a day's file asks it 50,000 times.

    Raises:
        KeyError: A kind that is none.
    """
    spelled = [_PATTERNS[kind] for kind in kinds if kind not in _OTHERS]
    others = [_OTHERS[kind] for kind in kinds if kind in _OTHERS]
    joined = "|".join(f"(?:{pattern})" for pattern in spelled)
    whole = re.compile(rf"\s*(?:{joined})\s*", re.IGNORECASE) if spelled else None

    def fits(value: object) -> bool:
        if whole is not None and isinstance(value, str) and whole.fullmatch(value):
            return True
        return any(other(value) for other in others)

    return fits


def sort_of(value: object) -> str:
    """What a value is, for an error's sentence."""
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return shown(value)
