"""Labels of real events against the outcome column that came with them."""

from datetime import date, datetime
from pathlib import Path

import pytest

from dexter.domain.market import PriceHistory
from dexter.domain.moment import IST
from dexter.ml.labels import outcome

SYMBOLS = ("20MICRONS", "PATINTLOG", "GICRE", "JKIL", "SICAGEN", "BURNPUR", "SUZLON")


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
