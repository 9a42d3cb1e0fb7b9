"""Fiscal quarters, counted from Q2 FY20 so that every comparison exists."""

from dataclasses import dataclass
from datetime import date, timedelta

FIRST_END = date(2019, 9, 30)
COUNT = 24
"""Quarters generated: index 0 is Q2 FY20, index 23 is Q1 FY26."""
EVENTS_FROM = 12
"""Dated results start at Q2 FY23."""
Q3_FY25, Q4_FY25, Q1_FY26 = 21, 22, 23
ORDINALS = ("First", "Second", "Third", "Fourth")


@dataclass(frozen=True)
class Quarter:
    """One fiscal quarter.

    Attributes:
        index: Position in the sample's history.
    """

    index: int

    @property
    def end(self) -> date:
        """Last day."""
        months = FIRST_END.month - 1 + 3 * self.index
        year, month = FIRST_END.year + months // 12, months % 12 + 1
        following = date(year + month // 12, month % 12 + 1, 1)
        return following - timedelta(days=1)

    @property
    def start(self) -> date:
        """First day."""
        return Quarter(self.index - 1).end + timedelta(days=1)

    @property
    def number(self) -> int:
        """1 to 4; the fiscal year starts in April."""
        return (self.end.month - 4) // 3 % 4 + 1

    @property
    def year_start(self) -> date:
        """First day of the fiscal year."""
        return date(self.end.year - (self.end.month < 4), 4, 1)

    @property
    def year_end(self) -> date:
        """Last day of the fiscal year."""
        return date(self.year_start.year + 1, 3, 31)

    @property
    def ordinal(self) -> str:
        """``First`` to ``Fourth``."""
        return ORDINALS[self.number - 1]

    @property
    def year_to_date(self) -> list[int]:
        """Indices from the first quarter of the year to this one."""
        return list(range(self.index - self.number + 1, self.index + 1))

    @property
    def full_year(self) -> list[int]:
        """Indices of the fiscal year this quarter closes or belongs to."""
        first = self.index - self.number + 1
        return list(range(first, first + 4))

    @property
    def audited(self) -> bool:
        """The fourth quarter carries the audited year."""
        return self.number == 4
