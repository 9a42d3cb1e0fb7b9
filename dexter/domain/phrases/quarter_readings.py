"""How a matched phrase becomes fiscal quarters; the patterns are in ``quarters``."""

import re
from datetime import date

from dexter.domain.period import Quarter
from dexter.domain.phrases.days import (
    read_day,
    read_month,
    read_number,
    read_year,
)
from dexter.domain.phrases.scan import Setting
from dexter.domain.phrases.seasons import season_of

Quarters = tuple[Quarter, ...]

_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4,
    "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "final": 4,
}  # fmt: skip
_SPANS = {"jfm": 3, "amj": 6, "jas": 9, "ond": 12}
_PARTS = {"h1": (1, 2), "1h": (1, 2), "first": (1, 2), "h2": (3, 4), "2h": (3, 4),
          "second": (3, 4), "9m": (1, 2, 3), "6m": (1, 2)}  # fmt: skip
_CENTURY = 2000
_LONG_YEAR = 1000
_MOST = 12
_MONTHS_IN_QUARTER = 3


def _year(first: str, second: str | None) -> int | None:
    start = int(first) if int(first) >= _LONG_YEAR else _CENTURY + int(first)
    if second is None:
        return start
    end = int(second) if int(second) >= _LONG_YEAR else _CENTURY + int(second)
    return end if end == start + 1 else None


def _said_year(found: re.Match[str]) -> int | None:
    said = found.groupdict()
    for first, second in (("y", "z"), ("b", "c"), ("d", None), ("e", "f")):
        if said.get(first):
            return _year(said[first], said.get(second) if second else None)
    return None


def _number(found: re.Match[str]) -> int:
    said = found.groupdict()
    if said.get("n"):
        return int(said["n"])
    return _ORDINALS[said["o"].lower()]


def dated(found: re.Match[str], _: Setting) -> Quarters | None:
    """A quarter with its year said; nothing where the year contradicts itself."""
    year = _said_year(found)
    return (_of_year(found, year, _number(found)),) if year else ()


def _of_year(found: re.Match[str], year: int, number: int) -> Quarter:
    """A quarter of the fiscal year, or of the calendar year where that was said."""
    if found.groupdict().get("calendar"):
        return Quarter.of_calendar(year, number)
    return Quarter(year, number)


def impossible(_: re.Match[str], __: Setting) -> Quarters:
    """For "Q5 FY25": no quarter, and nothing else either."""
    return ()


def undated(found: re.Match[str], setting: Setting) -> Quarters | None:
    """A quarter without its year."""
    number = _number(found)
    if setting.calendar:
        number = Quarter.of_calendar(setting.today.year, number).number
    return (_bare(number, setting),)


def _bare(number: int, setting: Setting) -> Quarter:
    if setting.dated:
        anchor = setting.dated[0]
        around = (anchor.shift(step) for step in (0, -1, 1, -2, 2, -3, 3))
        near = [quarter for quarter in around if quarter.number == number]
        same = [q for q in near if q.fiscal_year == anchor.fiscal_year]
        tied = abs(_index(near[0]) - _index(anchor)) == 2  # noqa: PLR2004 - both sides
        return same[0] if tied and same else near[0]
    if setting.ahead:
        due = Quarter.containing(setting.today).shift(-2)
        coming = (due.shift(step) for step in range(8))
        return next(
            quarter
            for quarter in coming
            if quarter.number == number and season_of(quarter).end >= setting.today
        )
    ended = Quarter.ended_before(setting.today)
    return next(
        quarter
        for quarter in (ended.shift(-step) for step in range(4))
        if quarter.number == number
    )


def _index(quarter: Quarter) -> int:
    return quarter.fiscal_year * 4 + quarter.number


def shared(found: re.Match[str], _: Setting) -> Quarters | None:
    """For "Q1 and Q2 FY25": the year is said once, for both."""
    year = _said_year(found)
    if year is None:
        return None
    numbers = [
        int(digit) for digit in re.findall(r"Q\s*([1-4])", found["list"], re.IGNORECASE)
    ]
    numbers.append(int(found["n"]))
    return tuple(_of_year(found, year, number) for number in numbers)


def of_this_or_last_year(found: re.Match[str], setting: Setting) -> Quarters:
    """For "Q1 last year": fiscal years, counted from today."""
    year = Quarter.containing(setting.today).fiscal_year
    year -= found["which"].lower() != "this"
    month = found.groupdict().get("month")
    if month:
        quarter = Quarter.containing(date(setting.today.year, read_month(month), 1))
        return (Quarter(year, quarter.number),)
    return (Quarter(year, _number(found)),)


def part_of_year(found: re.Match[str], setting: Setting) -> Quarters | None:
    """For "H1 FY25" and "9M FY25"."""
    numbers = _PARTS[found["part"].lower()]
    if found.groupdict().get("y") is None:
        # Without a year: the most recent half whose last quarter has ended.
        year = _bare(numbers[-1], setting).fiscal_year
    else:
        said = _said_year(found)
        if said is None:
            return None
        year = said
    return tuple(_of_year(found, year, number) for number in numbers)


def whole_year(found: re.Match[str], _: Setting) -> Quarters | None:
    """For "FY25": its quarters."""
    year = _said_year(found)
    numbers = range(1, 5) if year else ()
    return tuple(_of_year(found, year, n) for n in numbers if year) or None


def relative_year(found: re.Match[str], setting: Setting) -> Quarters:
    """For "last fiscal year"."""
    year = Quarter.containing(setting.today).fiscal_year
    year -= found["which"].lower() not in {"this", "current"}
    return tuple(Quarter(year, number) for number in range(1, 5))


def _ends_quarter(month: int) -> bool:
    return month % _MONTHS_IN_QUARTER == 0


def by_month(found: re.Match[str], setting: Setting) -> Quarters | None:
    """For "June quarter", "June 2024 quarter", "quarter ended June 2024"."""
    name = found["month"].lower()
    month = _SPANS.get(name) or read_month(name)
    if not _ends_quarter(month):
        return None
    number = Quarter.containing(date(setting.today.year, month, 1)).number
    fiscal = _said_year(found)
    if fiscal and not found.groupdict().get("calendar"):
        return (Quarter(fiscal, number),)
    if fiscal:
        return (Quarter.containing(date(fiscal, month, 1)),)
    said = found.groupdict()
    year = read_year(said.get("cal") or said.get("cal2"))
    if year:
        return (Quarter.containing(date(year, month, 1)),)
    return (_bare(number, setting),)


def by_day(found: re.Match[str], setting: Setting) -> Quarters | None:
    """For "quarter ended 30 June 2024"; only the ends of fiscal quarters count."""
    loose = read_day(found["day"])
    if loose is None or not _ends_quarter(loose.month):
        return None
    if loose.year:
        return (Quarter.containing(date(loose.year, loose.month, 1)),)
    number = Quarter.containing(date(setting.today.year, loose.month, 1)).number
    return (_bare(number, setting),)


def by_span(found: re.Match[str], setting: Setting) -> Quarters | None:
    """For "April to June 2024"."""
    first, last = read_month(found["first"]), read_month(found["last"])
    if not _ends_quarter(last) or (last - first) % 12 != _MONTHS_IN_QUARTER - 1:
        return None
    year = read_year(found["cal"])
    if year:
        return (Quarter.containing(date(year, last, 1)),)
    number = Quarter.containing(date(setting.today.year, last, 1)).number
    return (_bare(number, setting),)


def last_several(found: re.Match[str], setting: Setting) -> Quarters | None:
    """For "last four quarters", oldest first."""
    count = read_number(found["count"])
    if not 1 <= count <= _MOST:
        return None
    return tuple(setting.latest.shift(step) for step in range(1 - count, 1))


def relative(found: re.Match[str], setting: Setting) -> Quarters:
    """For "last quarter", "next quarter"."""
    word = " ".join(found["which"].lower().split())
    if word in {"next", "upcoming", "coming"}:
        return (setting.latest.next,)
    if word in {"previous", "prior", "preceding"} and setting.dated:
        return (setting.dated[0].previous,)
    return (setting.latest,)
