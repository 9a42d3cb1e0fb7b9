"""Daily bars of companies as arrays, and index closes, with when each was known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from dexter.domain.market import IndexHistory, PriceHistory
from dexter.features.columns import Array, Whole
from dexter.features.compiled import kernel
from dexter.features.moments import at_minute, bars_known_at, day_number, whole
from dexter.features.steps import Bases, moves

WINDOW = 400
"""Sessions a question about one company reads. Wilder's and exponential averages
forget their seed over this many bars (below 1e-11 relative), so a longer history
changes nothing."""

STALE_DAYS = 15
"""A last bar older than this means the share stopped trading in this series."""

INDEX_FILES_AT = 20 * 60
DELIVERY_TOLD_AT = 20 * 60
"""Minute of the Indian day from which these files of a session are out."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of companies, one company below the other, each ascending by session.

    Company ``c`` has the rows ``starts[c]`` to ``starts[c + 1] - 1``; every other
    column has one entry a row. ``open``, ``high``, ``low`` and ``close`` are rupees
    times ``factor``, the product of the splits and bonuses up to and with that session
    (so a row never depends on a later one); divided by the ``factor`` of a later row
    they are adjusted as known then. ``volume`` is shares over ``factor``, ``turnover``
    rupees, ``raw_close`` rupees as traded. ``move`` is close over the exchange's base
    price minus one (NaN: see ``steps.moves``), ``band`` the per cent at whose upper
    limit the session closed (0: it did not, or a step of price is too large to tell),
    ``no_band`` 1.0 with futures.
    NaN where nobody told them: ``trades``, ``delivered`` (shares as traded, known from
    20:00), ``price_band`` (per cent in force).
    """

    starts: Whole
    day: Whole
    known_at: Whole
    open: Array
    high: Array
    low: Array
    close: Array
    volume: Array
    turnover: Array
    raw_close: Array
    base: Array
    move: Array
    band: Array
    no_band: Array
    factor: Array
    trades: Array
    delivered: Array
    price_band: Array

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.day)

    @property
    def companies(self) -> int:
        """Number of companies."""
        return len(self.starts) - 1

    def row_from(self, column: Whole, company: Whole, wanted: Whole) -> Whole:
        """The first row of each company whose entry is not below the one wanted.

        Args:
            column: ``day`` or ``known_at``.
            company: Shape ``(n,)``, as the next and the result.
            wanted: A day or a moment; where none is as late, the row after the last.
        """
        if not len(column):
            return self.starts[company]
        found: Whole = _rows_from(self.starts, column, company, wanted)
        return found

    def with_companies(self, number: int) -> Self:
        """The same bars, and companies without any after the last."""
        more = np.full(number - self.companies, len(self), dtype=np.int64)
        return replace(self, starts=np.concatenate([self.starts, more]))


@kernel
def _rows_from(starts: Whole, column: Whole, company: Whole, wanted: Whole) -> Whole:
    found = np.empty(len(company), dtype=np.int64)
    for row in range(len(company)):
        low, high = starts[company[row]], starts[company[row] + 1]
        while low < high:
            middle = (low + high) // 2
            if column[middle] < wanted[row]:
                low = middle + 1
            else:
                high = middle
        found[row] = low
    return found


def bars_of(histories: Sequence[PriceHistory | None]) -> Bars:
    """Bars of companies in the order given; none where there is no history."""
    kept = [history for history in histories if history is not None]
    lengths = [0 if history is None else len(history) for history in histories]

    def column(name: str) -> Array:
        told = [
            getattr(h, name) or (None,) * len(h)  # early records lack some columns
            for h in kept
        ]
        return np.concatenate(
            [np.array(values, dtype=np.float64) for values in told] or [np.zeros(0)]
        )

    return adjusted(
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        day=whole(day_number(day) for h in kept for day in h.sessions),
        raw={
            name: column(name)
            for name in ("open", "high", "low", "close", "base", "volume", "turnover")
        },
        told={
            name: column(name)
            for name in ("band", "no_band", "trades", "delivered", "price_band")
        },
        factor=column("factor"),
    )


def adjusted(
    starts: Whole,
    day: Whole,
    raw: dict[str, Array],
    told: dict[str, Array],
    factor: Array,
) -> Bars:
    """Bars out of columns as traded (names as in ``Bars``) and a factor a row."""
    close = raw["close"]
    return Bars(
        starts=starts,
        day=day,
        known_at=bars_known_at(day),
        open=raw["open"] * factor,
        high=raw["high"] * factor,
        low=raw["low"] * factor,
        close=close * factor,
        volume=raw["volume"] / factor,
        turnover=raw["turnover"],
        raw_close=close,
        base=raw["base"],
        move=moves(raw, told["no_band"], day),
        band=Bases.of(raw["base"], day).told(told["band"]),
        no_band=told["no_band"],
        factor=factor,
        trades=told["trades"],
        delivered=told["delivered"],
        price_band=told["price_band"],
    )


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Closes of an index, ascending, known from the evening of their day on."""

    day: Whole
    known_at: Whole
    close: Array

    def ends(self, moment: Whole) -> Whole:
        """How many closes were known strictly before each moment."""
        return self.known_at.searchsorted(moment, side="left")


def series_of(index: IndexHistory) -> Series:
    """An index as arrays."""
    day = whole(day_number(session) for session in index.sessions)
    return Series(day, at_minute(day, INDEX_FILES_AT), np.array(index.close))
