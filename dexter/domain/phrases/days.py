"""Days and months as people write them, in India: day before month."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
YEAR = r"(?:(?:19|20)\d\d\b|['’]\d\d\b)"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?\b"
DAY = (
    r"(?:\b(?:19|20)\d\d-\d{1,2}-\d{1,2}\b"
    r"|\b\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d\b"
    rf"|\b{_NTH}(?:\s+of)?[\s-]*{MONTH}(?:,?[\s-]*{YEAR})?"
    rf"|\b{MONTH}\.?\s*{_NTH}(?:,?\s*{YEAR})?)"
)
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
NUMBER = (
    r"(?:\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|fifteen|twenty|thirty)"
)

_MONTHS = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_NUMBERS = {
    word: value
    for value, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        1,
    )
} | {"a": 1, "an": 1, "fifteen": 15, "twenty": 20, "thirty": 30}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_CENTURY = 2000
_AHEAD_DAYS = 120
_HORIZON = range(4)


@dataclass(frozen=True, slots=True)
class LooseDay:
    """A day whose year may be left unsaid."""

    year: int | None
    month: int
    day: int

    def of(self, year: int) -> date | None:
        """The day in a year, or none (31 June, 29 February)."""
        try:
            return date(self.year or year, self.month, self.day)
        except ValueError:
            return None

    def resolve(self, today: date, *, ahead: bool) -> date | None:
        """The day meant: the most recent one, or a near one ahead when looking so."""
        if self.year:
            return self.of(self.year)
        if ahead:
            coming = self._first_from(today)
            if coming and (coming - today).days <= _AHEAD_DAYS:
                return coming
        past = [self.of(today.year - back) for back in (*_HORIZON, 4, 5, 6, 7, 8)]
        return next((day for day in past if day and day <= today), None)

    def _first_from(self, today: date) -> date | None:
        days = [self.of(today.year + step) for step in _HORIZON]
        return next((day for day in days if day and day >= today), None)


def read_number(text: str) -> int:
    """A count written in digits or words."""
    word = text.lower()
    return int(word) if word.isdigit() else _NUMBERS[word]


def read_month(text: str) -> int:
    """The number of a month name, long or short."""
    return _MONTHS.index(text.strip().lower()[:3]) + 1


def read_weekday(text: str) -> int:
    """Monday is 0."""
    return _WEEKDAYS.index(text.strip().lower()[:3])


def read_year(text: str | None) -> int | None:
    """A year of four digits, or two after an apostrophe (this century)."""
    if not text:
        return None
    digits = int(text.strip("'’ "))
    return digits if digits >= 1000 else _CENTURY + digits  # noqa: PLR2004 - 4 digits


def read_day(text: str) -> LooseDay | None:
    """A day matched by ``DAY``; none when no such month exists."""
    if found := _ISO.fullmatch(text.strip()):
        year, month, day = map(int, found.groups())
    elif found := _NUMERIC.fullmatch(text.strip()):
        day, month, year = map(int, found.groups())
    else:
        return _read_words(text)
    loose = LooseDay(year, month, day)
    return loose if loose.of(year) else None


def _read_words(text: str) -> LooseDay | None:
    month = re.search(MONTH, text, re.IGNORECASE)
    if month is None:
        return None
    rest = f"{text[: month.start()]} {text[month.end() :]}"
    year = re.search(YEAR, rest)
    if year:
        rest = rest.replace(year.group(), " ")
    day = re.search(r"\d{1,2}", rest)
    if day is None:
        return None
    said = read_year(year.group()) if year else None
    loose = LooseDay(said, read_month(month.group()), int(day.group()))
    leap = 2024
    return loose if loose.of(said or leap) else None


def month_window(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    start = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    return start, following - timedelta(days=1)


def shift_month(day: date, months: int) -> tuple[int, int]:
    """Year and month some months away from a day's own."""
    index = day.year * 12 + day.month - 1 + months
    return index // 12, index % 12 + 1


def month_year(month: int, today: date, *, ahead: bool) -> int:
    """The year meant by a bare month: its most recent start, or a near one ahead."""
    if month == today.month:
        return today.year
    if ahead:
        coming = today.year + (month < today.month)
        if (date(coming, month, 1) - today).days <= _AHEAD_DAYS:
            return coming
    return today.year - (month > today.month)
