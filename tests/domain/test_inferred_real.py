"""Inferred circuits against the labels that came with eight years of real prices.

Reads ../shared and copies nothing of it. The labels are another program's work over the
same prices, so agreement says that the rule is the one described there, to the tick.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from dexter.domain.circuits import inferred_band, is_telling, tick_size

pytestmark = [pytest.mark.real, pytest.mark.slow]
COLUMNS = ["date", "symbol", "canon", "high", "close", "base_prev", "adj", "fno"]


@dataclass(frozen=True)
class Bars:
    """Columns of the price file, prices as whole paise; rows by company and day."""

    table: Any
    high: npt.NDArray[np.int64]
    close: npt.NDArray[np.int64]
    base: npt.NDArray[np.int64]
    fno: npt.NDArray[np.bool_]
    label: npt.NDArray[np.int64]

    def cell(self, name: str, row: int) -> Any:  # noqa: ANN401 - whatever the file holds
        return self.table[name][row].as_py()

    def inferred(self, row: int, base: Decimal) -> tuple[int, bool]:
        """The band inferred for a row, 0 for none, and whether it tells anything."""
        tick = tick_size(base, self.cell("date", row))
        high, close = (Decimal(int(a[row])) / 100 for a in (self.high, self.close))
        band = inferred_band(base, high, close, tick)
        if band is None:
            return 0, False
        return int(band), is_telling(base, band, tick)


@pytest.fixture(scope="module")
def bars(shared: Path) -> Bars:
    pq = pytest.importorskip("pyarrow.parquet")
    path = shared / "data/market/prices.parquet"
    table = pq.read_table(path, columns=[*COLUMNS, "uc_band"])

    def paise(name: str) -> npt.NDArray[np.int64]:
        rupees = np.nan_to_num(table[name].to_numpy())
        whole = np.rint(rupees * 100)
        assert np.abs(rupees * 100 - whole).max() < 1e-4
        return np.array(whole, dtype=np.int64)

    return Bars(
        table=table,
        high=paise("high"),
        close=paise("close"),
        base=paise("base_prev"),
        fno=table["fno"].to_numpy(),
        label=table["uc_band"].to_numpy().astype(np.int64),
    )


@pytest.fixture(scope="module")
def found(bars: Bars) -> dict[int, tuple[int, bool]]:
    """What is inferred, for the rows whose close is a high above a known base.

    For every other row ``inferred_band`` answers none by its first line; shares with
    futures have no band, which whoever asks has to know.
    """
    may = (bars.high == bars.close) & (bars.close > bars.base) & (bars.base > 0)
    rows = np.flatnonzero(may & ~bars.fno).tolist()
    assert len(rows) > 80_000
    assert not bars.label[~may | bars.fno].any()
    return {row: bars.inferred(row, Decimal(int(bars.base[row])) / 100) for row in rows}


def test_the_inferred_band_of_every_bar(
    bars: Bars, found: dict[int, tuple[int, bool]]
) -> None:
    differing = {row for row in found if found[row][0] != bars.label[row]}
    agreed = len(bars.label) - len(differing)
    assert (agreed, len(bars.label)) == (3_287_937, 3_287_942)
    assert {bars.cell("symbol", row) for row in differing} == {
        *("FILATFASH", "SHAKTIPUMP", "SIKKO", "UTISXN50", "VARDMNPOLY"),
    }
    for row in differing:
        # All on the day of a split or bonus: the label took the base before rounding.
        factor = Decimal(bars.cell("adj", row - 1)) / Decimal(bars.cell("adj", row))
        assert bars.cell("canon", row - 1) == bars.cell("canon", row)
        assert factor < 1
        exact = Decimal(int(bars.close[row - 1])) / 100 * shares(factor)
        assert bars.inferred(row, exact)[0] == bars.label[row]


def shares(factor: Decimal) -> Decimal:
    """A stored factor (32 bits) as the fraction it stands for."""
    return Decimal(round(factor * 60)) / 60


def test_the_label_of_every_event(
    shared: Path, bars: Bars, found: dict[int, tuple[int, bool]]
) -> None:
    """``uc_0``, ``uc_1``, ``uc_2`` and ``uc_3d`` of the events, from prices alone."""
    hits = {
        (bars.cell("canon", row), bars.cell("date", row))
        for row, (_, telling) in found.items()
        if telling
    }
    counts = {"uc_0": 0, "uc_1": 0, "uc_2": 0, "uc_3d": 0}
    labelled = 0
    for event, window in windows(shared):
        computed = [(event["canon"], day) in hits for day in window]
        for name, value in zip(counts, (*computed, any(computed)), strict=True):
            if event[name] is None:
                continue
            assert value == event[name], (event["canon"], event["t0_date"], name)
            counts[name] += value
        labelled += event["uc_3d"] is not None
    assert labelled == 34_106
    assert counts == {"uc_0": 827, "uc_1": 552, "uc_2": 491, "uc_3d": 1232}


def windows(shared: Path) -> Iterator[tuple[dict[str, Any], tuple[date, ...]]]:
    """Every event with a day 0 and its sessions 0, 1 and 2."""
    pq = pytest.importorskip("pyarrow.parquet")
    market = shared / "data/market"
    days = pq.read_table(market / "trading_calendar.parquet")["date"].to_pylist()
    assert all(one < other for one, other in pairwise(days))
    place = {day: index for index, day in enumerate(days)}
    names = ["canon", "t0_date", "uc_0", "uc_1", "uc_2", "uc_3d"]
    table = pq.read_table(market / "earnings_events.parquet", columns=names)
    for event in table.to_pylist():
        if event["t0_date"] in place:
            start = place[event["t0_date"]]
            window = tuple(days[start : start + 3])
            if len(window) == 3:
                yield event, window
