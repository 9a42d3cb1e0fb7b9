"""Who a filing or a price belongs to."""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """Which statement format a company files."""

    GENERAL = "general"
    BANK = "bank"
    NBFC = "nbfc"
    INSURER = "insurer"


@dataclass(frozen=True, slots=True)
class Company:
    """A listed company.

    ``symbol`` is its latest NSE ticker and serves as the key; ``aliases`` are former
    tickers and names. Identity is present-day knowledge and never a feature.
    """

    symbol: str
    name: str
    isin: str | None = None
    bse_code: str | None = None
    family: Family | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CompanyMatch:
    """A company found for a piece of text, with a similarity of 0–100."""

    company: Company
    score: int
    text: str
