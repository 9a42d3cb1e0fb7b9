"""Published figures of quarters as columns, and what was known of them at a moment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from dexter.domain.filing import Basis, Grade
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from dexter.features.columns import Array, Mask, Whole
from dexter.features.moments import NEVER, moment_number, quarter_number, whole

LAGS = 16
"""Quarters looked at: the one measured and fifteen before it, which is what the
surprises of four quarters need (each against eight changes on the year)."""

ITEMS: tuple[str, ...] = (
    "revenue",
    "net_profit",
    "eps",
    "other_income",
    "profit_before_tax",
    "exceptional",
    "profit_before_exceptional",
    "tax",
    "finance_costs",
    "depreciation",
    "total_income",
    "total_expenses",
    "employee_cost",
    "provisions",
    "interest_earned",
    "interest_expended",
    "operating_profit",
    "net_profit_owners",
    "gross_npa_ratio",
    "net_npa_ratio",
    "cet1_ratio",
    "return_on_assets",
    "equity",
    "minority_equity",
    "share_capital",
    "reserves",
    "borrowings",
    "total_assets",
    "face_value",
    "paid_up_capital",
)
"""Amounts of ``QuarterFigures`` that are kept."""

Number = TypeVar("Number", np.float64, np.int64)

_SPAN = 16_384
"""More quarters than there will be: keeps company and quarter apart in one key."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Versions of quarters' figures on one basis, by company, quarter and publication.

    Every column has one entry a version: ``known_at`` and ``published_at`` (first
    publication of the quarter) in moments, ``proven`` for an accepted statement (it
    goes before an imported row), ``items`` rupees, rupees per share or fractions, NaN
    where not told. Rows without a publication time are not here: features claim to be
    as of a moment.
    """

    key: Whole
    known_at: Whole
    published_at: Whole
    proven: Mask
    items: dict[str, Array]

    def __len__(self) -> int:
        """Number of versions."""
        return len(self.key)

    @property
    def company(self) -> Whole:
        """Number of each version's company."""
        return self.key // _SPAN

    def first_published(self, company: Whole, quarter: Whole) -> Whole:
        """When quarters first became public; ``NEVER`` where nobody says; ``(n,)``."""
        wanted = company * _SPAN + quarter
        left = np.searchsorted(self.key, wanted, side="left")
        right = np.searchsorted(self.key, wanted, side="right")
        first = np.full(len(wanted), NEVER)
        for step in range(int((right - left).max(initial=0))):
            place = np.minimum(left + step, len(self) - 1)
            told = np.where(left + step < right, self.published_at[place], NEVER)
            first = np.minimum(first, told)
        return first

    @property
    def quarter(self) -> Whole:
        """Each version's quarter."""
        return self.key % _SPAN


def figures_of(series: Sequence[Sequence[QuarterFigures]], basis: Basis) -> Figures:
    """Figures of companies in the order given, on one basis.

    Args:
        series: Per company its figures, any order, any number of versions.
        basis: Only figures of this basis are kept.

    A row that repeats a later quarter's figures under an earlier date is left out.
    """
    rows = [
        (company * _SPAN + _quarter(one.period_end), one)
        for company, mine in enumerate(series)
        for one in mine
        if one.basis is basis and one.known_at is not None
    ]
    rows.sort(key=lambda row: (row[0], row[1].known_at))
    # Of two told alike at one moment the first stands, as in ``store.figures.best``.
    first = {
        (key, one.known_at, one.grade is Grade.IMPORTED): one
        for key, one in reversed(rows)
    }
    kept = [(key, one) for (key, *_), one in reversed(first.items())]
    repeated = _repeated(kept)
    keys = [key for key, one in kept if (key, one.known_at) not in repeated]
    found = [one for key, one in kept if (key, one.known_at) not in repeated]
    return Figures(
        key=whole(keys),
        known_at=whole(moment_number(f.known_at) for f in found if f.known_at),
        published_at=whole(
            moment_number(f.published_at) if f.published_at else NEVER for f in found
        ),
        proven=np.array([f.grade is not Grade.IMPORTED for f in found], dtype=np.bool_),
        items={name: _amounts([getattr(f, name) for f in found]) for name in ITEMS},
    )


def _repeated(
    rows: Sequence[tuple[int, QuarterFigures]],
) -> set[tuple[int, datetime | None]]:
    """Rows that repeat what was told of a later quarter at most a day before.

    Software files the current quarter's numbers once more under the dates of the year
    before; taken for that year's they would say that nothing grew.
    """
    told: dict[tuple[object, ...], list[tuple[int, datetime]]] = {}
    for key, one in rows:
        if one.known_at and one.revenue is not None and one.net_profit:
            same = (key // _SPAN, one.revenue, one.net_profit, one.eps)
            told.setdefault(same, []).append((key, one.known_at))
    return {
        (key, known_at)
        for alike in told.values()
        for key, known_at in alike
        if any(
            later > key and timedelta(0) <= known_at - before <= timedelta(days=1)
            for later, before in alike
        )
    }


@cache
def _quarter(end: date) -> int:
    return quarter_number(Quarter.containing(end))


def _amounts(told: Sequence[Decimal | None]) -> Array:
    if all(value is None for value in told):
        return np.full(len(told), np.nan)
    values = np.array([np.nan if v is None else v for v in told], dtype=np.float64)
    return np.where(np.isfinite(values), values, np.nan)


@dataclass(frozen=True)
class Quarters:
    """What was known of each event's quarters; column ``b`` is ``b`` quarters before.

    ``version`` is the row of ``figures``, or -1 where nothing was public; shape
    ``(n, LAGS)``, as of all here. Each amount is looked up once, and a quarter's
    amounts lie side by side in memory.
    """

    figures: Figures
    version: Whole
    _items: dict[str, Array] = field(default_factory=dict, init=False, repr=False)
    _untold: dict[str, Mask] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def there(self) -> Mask:
        """Whether the quarter was public at all."""
        found: Mask = self.version >= 0
        return found

    @cached_property
    def missing(self) -> Mask:
        """Whether nothing of the quarter was public."""
        return ~self.there

    def item(self, name: str) -> Array:
        """An amount of every quarter, NaN where not known."""
        found = self._items.get(name)
        if found is None:
            found = self._items[name] = self._picked(self.figures.items[name], np.nan)
        return found

    def at(self, name: str, back: int) -> Array:
        """An amount of the quarter ``back`` before, shape ``(n,)``."""
        return self.item(name)[:, back]

    def untold(self, name: str) -> Mask:
        """Where an amount is not known."""
        found = self._untold.get(name)
        if found is None:
            found = self._untold[name] = np.isnan(self.item(name))
        return found

    def known_at(self) -> Whole:
        """When each quarter's figures became public; ``NEVER`` where not."""
        return self._picked(self.figures.known_at, NEVER)

    def published_at(self) -> Whole:
        """When each quarter was first published; ``NEVER`` where not known."""
        return self._picked(self.figures.published_at, NEVER)

    def _picked(
        self, column: npt.NDArray[Number], missing: float
    ) -> npt.NDArray[Number]:
        if not len(column):
            return np.full(self.version.shape, missing, dtype=column.dtype)
        found = column.take(self.version.T).T
        found[self.missing] = missing
        return found


def gather(figures: Figures, company: Whole, quarter: Whole, moment: Whole) -> Quarters:
    """The best visible version of each event's quarters.

    An accepted statement goes before an imported row, then the latest publication; a
    version published at the very moment (the event itself) is visible.

    Args:
        figures: All versions.
        company: Its number, per event; shape ``(n,)`` as the next two.
        quarter: The quarter measured.
        moment: What was published later is not visible.
    """
    key = company * _SPAN + quarter - np.arange(LAGS)[:, None]
    left = np.searchsorted(figures.key, key, side="left")
    right = np.searchsorted(figures.key, key, side="right")
    chosen = np.full(key.shape, -1, dtype=np.int64)
    proven = np.zeros(key.shape, dtype=np.bool_)
    most = int((right - left).max(initial=0))
    for step in range(most):
        place = np.minimum(left + step, len(figures) - 1)
        seen = (left + step < right) & (figures.known_at[place] <= moment)
        # Ascending by publication, so a later one of the same standing replaces.
        better = seen & (figures.proven[place] | ~proven)
        chosen[better] = place[better]
        proven |= better & figures.proven[place]
    return Quarters(figures, chosen.T)
