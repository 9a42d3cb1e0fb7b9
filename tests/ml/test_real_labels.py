"""Labels of real events against the outcome column that came with them."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dexter.domain.circuits import is_telling, tick_size
from dexter.domain.market import PriceHistory
from dexter.domain.moment import IST
from dexter.ml.labels import HORIZON, outcome

SYMBOLS = ("20MICRONS", "PATINTLOG", "GICRE", "JKIL", "SICAGEN", "BURNPUR", "SUZLON")


@pytest.mark.real
@pytest.mark.slow
def test_labels_agree_with_the_events_own_outcomes(shared: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    market = shared / "data" / "market"
    chosen = [("canon", "in", list(SYMBOLS))]
    days = pq.read_table(market / "prices.parquet", columns=["date"])["date"]
    calendar = tuple(sorted(day_of(day) for day in days.unique().to_pylist()))
    bars = pq.read_table(market / "prices.parquet", filters=chosen).to_pylist()
    events = pq.read_table(market / "earnings_events.parquet", filters=chosen)
    compared = 0
    for symbol in SYMBOLS:
        history = history_of(symbol, [b for b in bars if b["canon"] == symbol])
        for event in events.to_pylist():
            if event["canon"] != symbol or event["uc_3d"] is None:
                continue
            published = event["announce_dt"].replace(tzinfo=IST)
            found = outcome(history, published, calendar)
            if found.value is None or event["close_m1"] < 10:
                continue
            assert found.value == event["uc_3d"], (symbol, published)
            compared += 1
    assert compared > 60


@pytest.mark.real
@pytest.mark.slow
def test_every_label_of_every_event(shared: Path) -> None:
    """Where both speak they agree, but for the price below which each stays silent."""
    pq = pytest.importorskip("pyarrow.parquet")
    market = shared / "data" / "market"
    names = ["canon", "announce_dt", "uc_3d"]
    events = pq.read_table(market / "earnings_events.parquet", columns=names)
    by_company: dict[str, list[dict[str, Any]]] = {}
    for event in events.to_pylist():
        by_company.setdefault(event["canon"], []).append(event)
    days = pq.read_table(market / "trading_calendar.parquet")["date"].to_pylist()
    said: Counter[tuple[str | None, bool | None]] = Counter()
    agreed, differing = 0, set()
    for history in histories(market / "prices.parquet"):
        for event in by_company.get(history.symbol, ()):
            published = event["announce_dt"].replace(tzinfo=IST)
            found = outcome(history, published, tuple(days))
            if found.value is None:
                said[found.reason, event["uc_3d"]] += 1
            elif found.value == event["uc_3d"]:
                agreed += 1
            else:
                differing.add(history.symbol)
                assert found.known_at is not None
                last = history.sessions.index(found.known_at.date())
                assert closed_at_band(history, last) == event["uc_3d"]
    assert agreed == 29_354
    assert differing == {
        # Steps of a paisa tell below ₹5 too.
        *("GATECH", "INVENTURE", "NDL", "RHFL"),
        # The close passed ₹5, the base had not; or a band of 2 % on a low price.
        *("GENUSPAPER", "NILAINFRA", "PILITA"),
        *("ALMONDZ", "SANCO", "SUZLON"),
    }
    assert said == {
        ("no fixed price band (futures trade)", False): 4_728,
        ("no bar on each session of the window", None): 2_467,
        ("no bar on each session of the window", True): 14,
    }


def closed_at_band(history: PriceHistory, last: int) -> bool:
    """The label by the step's share of the base price, which the column goes by."""
    window = range(last - HORIZON + 1, last + 1)
    return any(
        history.band[row] > 0
        and is_telling(base, Decimal(history.band[row]), tick_size(base, day))
        for row in window
        for base in [Decimal(str(history.base[row]))]
        for day in [history.sessions[row]]
    )


def histories(path: Path) -> Iterator[PriceHistory]:
    """Every company of the price file, its bars without a base left out."""
    pq = pytest.importorskip("pyarrow.parquet")
    names = ["date", "canon", "open", "high", "low", "close", "base_prev", "adj"]
    more = ["volume", "turnover_lacs", "uc_band", "fno"]
    table = pq.read_table(path, columns=[*names, *more])
    table = table.filter(table["base_prev"].is_valid())
    table = table.sort_by([("canon", "ascending"), ("date", "ascending")])
    companies = table["canon"].to_numpy(zero_copy_only=False)
    cuts = np.flatnonzero(companies[1:] != companies[:-1]) + 1
    for start, end in pairwise([0, *cuts.tolist(), len(companies)]):
        part = table.slice(start, end - start).to_pydict()
        yield PriceHistory(
            symbol=part["canon"][0],
            sessions=tuple(part["date"]),
            **{name: tuple(part[name]) for name in ("open", "high", "low", "close")},
            base=tuple(part["base_prev"]),
            factor=tuple(part["adj"]),
            volume=tuple(part["volume"]),
            turnover=tuple(part["turnover_lacs"]),
            band=tuple(part["uc_band"]),
            no_band=tuple(part["fno"]),
            source="prices.parquet",
        )


def day_of(value: object) -> date:
    """A Parquet date or timestamp as a plain day."""
    return (
        value.date() if isinstance(value, datetime) else date.fromisoformat(str(value))
    )


def history_of(symbol: str, bars: list[dict[str, object]]) -> PriceHistory:
    bars = [b for b in bars if b["base_prev"] is not None]
    bars.sort(key=lambda b: str(b["date"]))
    columns = {
        name: tuple(float(str(b[of])) for b in bars)
        for name, of in {
            **{n: n for n in ("open", "high", "low", "close", "volume")},
            "base": "base_prev",
            "factor": "adj",
            "turnover": "turnover_lacs",
        }.items()
    }
    return PriceHistory(
        symbol=symbol,
        sessions=tuple(day_of(b["date"]) for b in bars),
        band=tuple(int(str(b["uc_band"])) for b in bars),
        no_band=tuple(bool(b["fno"]) for b in bars),
        source="prices.parquet",
        **columns,
    )
