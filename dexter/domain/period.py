"""Indian fiscal quarters: FY26 is April 2025 to March 2026, Q1 is April to June.

Quarters of calendar years are read into them: Q3 CY24, July to September, is Q2 FY25.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

_MONTHS_IN_QUARTER = 3
_CENTURY = 2000
_TEXT = re.compile(
    r"\bQ\s*([1-4])\s*[-,']?\s*(?:of\s+)?(?:FY|F\.Y\.|(CY|C\.Y\.))?\s*'?(20\d\d|\d\d)"
    r"(?:\s*[-/]\s*(\d\d(?:\d\d)?))?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A fiscal quarter; ``fiscal_year`` is the year in which it ends (FY26 → 2026)."""

    fiscal_year: int
    number: int

    def __post_init__(self) -> None:
        """Refuse a quarter outside 1–4."""
        if not 1 <= self.number <= 4:  # noqa: PLR2004 - there are four quarters
            msg = f"a fiscal quarter is 1 to 4, not {self.number}"
            raise ValueError(msg)

    def __str__(self) -> str:
        """As analysts write it: ``Q2 FY26``."""
        return f"Q{self.number} FY{self.fiscal_year % 100:02d}"

    @classmethod
    def containing(cls, day: date) -> Self:
        """The fiscal quarter a day falls in."""
        year = day.year + (day.month >= 4)  # noqa: PLR2004 - April opens the year
        return cls(year, (day.month - 4) % 12 // _MONTHS_IN_QUARTER + 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``Q2 FY26``, ``q2fy2026``, ``Q2 FY2025-26``, ``Q3 CY25``.

        Raises:
            ValueError: the text is not a fiscal quarter.
        """
        found = _TEXT.fullmatch(text.strip())
        if not found:
            msg = f"{text!r} is not a fiscal quarter such as Q2 FY26"
            raise ValueError(msg)
        number, calendar, year, second = found.groups()
        # "FY2025-26" names the year by both ends; the later one counts.
        full = int(second or year)
        full = full if full >= _CENTURY else _CENTURY + full
        if calendar:
            return cls.of_calendar(full, int(number))
        return cls(full, int(number))

    @classmethod
    def of_calendar(cls, year: int, number: int) -> Self:
        """The fiscal quarter that is a quarter of a calendar year."""
        return cls.containing(date(year, number * _MONTHS_IN_QUARTER, 1))

    @classmethod
    def ended_before(cls, day: date) -> Self:
        """The latest quarter that had ended before the given day."""
        return cls.containing(day).previous

    @property
    def start(self) -> date:
        """First day."""
        month = (self.number - 1) * _MONTHS_IN_QUARTER + 4
        year = self.fiscal_year - (month <= 12)  # noqa: PLR2004 - December
        return date(year, (month - 1) % 12 + 1, 1)

    @property
    def end(self) -> date:
        """Last day."""
        return self.next.start - timedelta(days=1)

    @property
    def previous(self) -> Self:
        """The quarter before."""
        return self.shift(-1)

    @property
    def next(self) -> Self:
        """The quarter after."""
        return self.shift(1)

    @property
    def year_ago(self) -> Self:
        """The same quarter of the fiscal year before."""
        return self.shift(-4)

    def shift(self, quarters: int) -> Self:
        """Move by a number of quarters."""
        index = self.fiscal_year * 4 + self.number - 1 + quarters
        return type(self)(index // 4, index % 4 + 1)


@dataclass(frozen=True, slots=True)
class Window:
    """Days from ``start`` to ``end``, both included, with the words that named it."""

    start: date
    end: date
    label: str

    def __contains__(self, day: date) -> bool:
        """Whether the day lies inside."""
        return self.start <= day <= self.end
