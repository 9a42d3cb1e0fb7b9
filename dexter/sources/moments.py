"""Days and times as the exchanges write them. All are Indian time without an offset.

Months are English whatever the machine speaks, so ``strptime`` is not asked.
"""

import re
from datetime import date, datetime
from functools import lru_cache

from dexter.domain.moment import IST

MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_CLOCK = r"(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?)?"
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)" + _CLOCK)
_NAMED = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[- ](\d{4}|\d\d)" + _CLOCK)
_CLOSE = re.compile(r"(\d\d)[-/]?(\d\d)[-/]?(\d{4})(?:(\d\d)(\d\d)(\d\d))?()")
_CENTURY = 2000
_EARLIEST = 1875


def moment_of(text: object) -> datetime | None:
    """The moment a text names, with the IST offset; a day alone is its midnight.

    Reads ``2026-09-16T19:56:02.293``, ``2026-09-16 19:56:02``, ``18-Oct-2023 22:11:42``
    (any case, seconds optional), ``25 Oct 2023``, ``18102023221142``, ``18-10-2023``
    and ``18102023``. None when it names none, or one before there were exchanges here.
    """
    return _read(text.strip()) if isinstance(text, str) else None


@lru_cache(maxsize=1024)  # a file of a day says one day in every row
def _read(said: str) -> datetime | None:
    for pattern, order in ((_ISO, "ymd"), (_NAMED, "dny"), (_CLOSE, "dmy")):
        found = pattern.fullmatch(said)
        if found:
            return _built(found, order)
    return None


def day_of(text: object) -> date | None:
    """The day a text names, or none; see ``moment_of``."""
    found = moment_of(text)
    return found.date() if found else None


def _built(found: re.Match[str], order: str) -> datetime | None:
    parts = dict(zip(order, found.groups()[:3], strict=True))
    named = parts.get("n", "").lower()
    if named and named not in MONTHS:
        return None
    month = MONTHS.index(named) + 1 if named else int(parts["m"])
    year = int(parts["y"])
    if len(parts["y"]) == len("26"):
        year += _CENTURY
    if year < _EARLIEST:
        return None
    hour, minute, second, fraction = (int(part or 0) for part in _clock(found))
    try:
        return datetime(
            *(year, month, int(parts["d"]), hour, minute, second, fraction), tzinfo=IST
        )
    except ValueError:
        return None


def _clock(found: re.Match[str]) -> tuple[str | None, ...]:
    hour, minute, second, fraction = found.groups()[3:7]
    return hour, minute, second, (fraction or "").ljust(6, "0")[:6]


def written(day: date, style: str) -> str:
    """A day as a file writes it; ``style`` is one of ``shapes.json``'s date kinds."""
    named = MONTHS[day.month - 1].title()
    return {
        "yyyy-mm-dd": day.isoformat(),
        "dd-mm-yyyy": f"{day.day:02}-{day.month:02}-{day.year:04}",
        "ddmmyyyy": f"{day.day:02}{day.month:02}{day.year:04}",
        "dd-Mmm-yyyy": f"{day.day:02}-{named}-{day.year:04}",
        "dd-Mmm-yy": f"{day.day:02}-{named}-{day.year % 100:02}",
    }[style]
