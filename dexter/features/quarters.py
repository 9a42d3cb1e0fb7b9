"""A company's quarters as features read them: an amount, or why it is not known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import numpy as np

from dexter.domain.filing import Basis
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from dexter.features.bars import bars_of
from dexter.features.columns import Array, Column, Mask
from dexter.features.figures import LAGS, Quarters, figures_of
from dexter.features.known import Asked, Known, Sources, see
from dexter.features.moments import moment_number, quarter_number, whole
from dexter.features.stories import stories_of

YEAR = 4
"""Quarters in a year."""

Absence = tuple[Mask, str]

_WHEN = {
    0: "this quarter",
    1: "the quarter before",
    YEAR: "the same quarter a year before",
    YEAR + 1: "the quarter before, a year earlier",
}


@dataclass(frozen=True, slots=True)
class Book:
    """Amounts of each event's quarters by how many quarters back they lie."""

    quarters: Quarters

    def at(self, name: str, back: int = 0) -> Array:
        """An amount, NaN where not known, shape ``(n,)``."""
        return self.quarters.at(name, back)

    def absent(self, name: str, *backs: int) -> tuple[Absence, ...]:
        """Why an amount of quarters is not known."""
        missing, untold = self.quarters.missing, self.quarters.untold(name)
        found: list[Absence] = []
        for back in backs or (0,):
            nothing, words = _unknown(name, back)
            found += (missing[:, back], nothing), (untold[:, back], words)
        return tuple(found)

    def unknown(self, *names: str) -> tuple[Absence, ...]:
        """Why amounts of the quarter itself are not known."""
        return tuple(absence for name in names for absence in self.absent(name))

    def trailing(self, name: str) -> tuple[Array, Absence]:
        """The sum of the last four quarters, NaN unless all are known, and why."""
        total = row_sum(self.last_four(name))
        words = f"{words_of(name)} of one of the last four quarters is not known"
        return total, (np.isnan(total), words)

    def profit_trailing(self) -> tuple[Array, Absence]:
        """The owners' profit of the last four quarters."""
        total = row_sum(self.owners())
        words = "net profit of one of the last four quarters is not known"
        return total, (np.isnan(total), words)

    def last_four(self, name: str) -> Array:
        """An amount of the last four quarters, ``(n, 4)``."""
        return self.quarters.item(name)[:, :YEAR]

    def owners(self) -> Array:
        """Profit of the owners where told, else the whole net profit, ``(n, 4)``."""
        mine = self.last_four("net_profit_owners")
        return np.where(np.isnan(mine), self.last_four("net_profit"), mine)

    def changes(self, name: str) -> Array:
        """Each quarter's amount minus that of a year before, ``(n, LAGS - 4)``."""
        amounts = self.quarters.item(name)
        changed: Array = amounts[:, : LAGS - YEAR] - amounts[:, YEAR:]
        return changed


@cache
def _unknown(name: str, back: int) -> tuple[str, str]:
    """How it is said that a quarter's figures, or one of them, are not known."""
    when = _WHEN[back]
    return f"no figures of {when}", f"{words_of(name)} of {when} is not known"


def words_of(name: str) -> str:
    """How a figure is called in a reason."""
    shouted = {"eps": "EPS", "cet1_ratio": "CET1 ratio"}
    plain = name.replace("_", " ").replace("npa", "NPA")
    return shouted.get(name, plain)


def row_sum(table: Array) -> Array:
    """Sums of rows, column by column: one row sums as it would among millions."""
    if len(table) == 1:
        # One number after the other too, but not with an array for each.
        return np.add.accumulate(table[0])[-1:] + 0.0
    total = np.zeros(len(table))
    for column in table.T:
        total += column
    return total


def counted(table: Mask) -> Array:
    """How many of each row hold, shape ``(n,)``."""
    found: Array = table.sum(axis=1, dtype=np.float64)
    return found


def flag(what: Mask, *absent: Absence) -> Column:
    """1 where something is so, 0 where it is not."""
    return Column.of(what.astype(np.float64), *absent)


def figures_alone(
    rows: Sequence[QuarterFigures], quarter: Quarter, basis: Basis, moment: datetime
) -> Known:
    """One quarter of one company without its prices, as known at a moment.

    Args:
        rows: Figures of the company; those of another basis and those without a
            publication are not looked at.
        quarter: The quarter asked about.
        basis: The basis asked about.
        moment: What was published later is not looked at.
    """
    sources = Sources(
        bars=bars_of([None]),
        indices={},
        market=None,
        figures=figures_of([rows], basis),
        stories=stories_of([()]),
    )
    asked = Asked(
        company=whole([0]),
        moment=whole([moment_number(moment)]),
        quarter=whole([quarter_number(quarter)]),
    )
    return see(sources, asked)
