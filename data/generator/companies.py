"""What the sample knows of a company, and what happens to it."""

from dataclasses import dataclass, field
from datetime import date

from isin import isin
from units import Unit

SPLIT_DATE = date(2025, 2, 21)
RENAME_DATE = date(2024, 10, 7)


@dataclass(frozen=True)
class Company:
    """One company of the sample market.

    Money is in crore of rupees; ``shares`` in crore after any split.

    Attributes:
        revenue: Quarterly revenue in Q2 FY20.
        growth: Yearly revenue growth.
        margin: Usual net profit over revenue.
        wobble: Standard deviation of the net margin.
        season: Revenue multipliers of Q1 to Q4.
        overrides: Quarter index to (revenue multiplier, net margin).
        exceptional: Quarter index to exceptional items (crore).
        group: Size of the subsidiaries over the parent; 0 means standalone only.
        split: Shares per old share on ``SPLIT_DATE`` (1 means none).
        former: Ticker until ``RENAME_DATE``.
    """

    symbol: str
    name: str
    issuer: str
    bse_code: int
    industry: str
    family: str
    city: str
    listed_from: date
    unit: Unit
    shares: float
    face_value: int
    revenue: float
    growth: float
    margin: float
    wobble: float
    season: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    overrides: dict[int, tuple[float, float]] = field(default_factory=dict)
    exceptional: dict[int, float] = field(default_factory=dict)
    group: float = 0.0
    dilution: float = 1.0
    fno: bool = False
    band: int = 20
    split: int = 1
    former: str | None = None

    @property
    def isin(self) -> str:
        """Today's ISIN."""
        return isin(self.issuer, 2 if self.split > 1 else 1)

    def isin_on(self, day: date) -> str:
        """The ISIN on a day: a face value split brings a new one."""
        return isin(self.issuer, 2 if self.split > 1 and day >= SPLIT_DATE else 1)

    def symbol_on(self, day: date) -> str:
        """The ticker on a day."""
        return self.former if self.former and day < RENAME_DATE else self.symbol

    def split_on(self, day: date) -> int:
        """New shares each old share had become by a day."""
        return self.split if day >= SPLIT_DATE else 1

    @property
    def bases(self) -> tuple[str, ...]:
        """The statements the company files."""
        return ("standalone", "consolidated") if self.group else ("standalone",)
