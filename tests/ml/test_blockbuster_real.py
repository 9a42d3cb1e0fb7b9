"""The blockbuster score of every event of the real market."""

from pathlib import Path
from time import perf_counter

import numpy as np
import pytest

from dexter.features.columns import Array, Whole
from dexter.ml.blockbuster import MEASURES, MINIMUM_PEERS, score_columns
from dexter.ml.ranks import NEITHER, Peers
from tests.ml import reference_blockbuster as slow
from tests.ml.reference_blockbuster import Row

_COMPARED = 300
_SECONDS = 3.0


@pytest.mark.real
def test_every_event_scores_and_a_sample_agrees_with_the_reference(
    shared: Path,
) -> None:
    measures, about = events(shared / "data" / "market")
    peers = Peers.of(measures, *about)
    # What is compiled is compiled before the clock runs.
    score_columns(measures, *about, peers)

    started = perf_counter()
    found = score_columns(measures, *about, Peers.of(measures, *about))
    assert perf_counter() - started < _SECONDS

    scored = ~np.isnan(found.score)
    assert len(scored) == 36_578
    assert ((found.score[scored] >= 0) & (found.score[scored] <= 100)).all()
    assert (scored == (found.coverage > 0)).all()
    assert {*np.unique(found.ranks["profit_yoy"].back)} == {NEITHER, 0, 1}
    rows = rows_of(measures, about)
    chosen = np.random.default_rng(11).choice(len(rows), _COMPARED, replace=False)
    for place in chosen:
        near = [r for r in rows if 0 <= rows[place].season - r.season <= 1]
        expected = slow.score(rows[place], near, MINIMUM_PEERS)
        assert found.coverage[place] == expected[1]
        if expected[0] is None:
            assert np.isnan(found.score[place])
        else:
            assert found.score[place] == pytest.approx(expected[0], abs=1e-9)


def events(market: Path) -> tuple[dict[str, Array], tuple[Whole, Whole, Whole, Whole]]:
    """The file's own measures; its cohorts are finance and the rest."""
    pq = pytest.importorskip("pyarrow.parquet")
    table = pq.read_table(market / "earnings_events.parquet")

    def real(name: str) -> Array:
        values = table[name].to_numpy(zero_copy_only=False).astype(np.float64)
        return np.where(np.isfinite(values), values, np.nan)

    with np.errstate(divide="ignore", invalid="ignore"):
        change = real("net_profit") / real("revenue") - real("np_p") / real("rev_p")
    measures = {
        "sue": real("sue_pat"),
        "profit_yoy": real("pat_yoy"),
        "revenue_yoy": real("rev_yoy"),
        "net_margin_change": np.where(np.isfinite(change), change, np.nan),
        "quality": np.full(len(table), np.nan),
    }
    assert tuple(sorted(measures)) == tuple(sorted(MEASURES))
    sectors = pq.read_table(market / "sector_map.parquet")
    finance = {
        row["symbol"]
        for row in sectors.to_pylist()
        if row["industry"] == "Financial Services"
    }
    symbols = table["canon"].to_pylist()
    numbers = {symbol: number for number, symbol in enumerate(sorted({*symbols}))}
    ends = table["q_end"].to_numpy().astype("datetime64[M]").astype(np.int64)
    return measures, (
        np.array([symbol in finance for symbol in symbols], dtype=np.int64),
        ends // 3,
        table["announce_dt"].to_numpy().astype("datetime64[us]").astype(np.int64),
        np.array([numbers[symbol] for symbol in symbols], dtype=np.int64),
    )


def rows_of(
    measures: dict[str, Array], about: tuple[Whole, Whole, Whole, Whole]
) -> list[Row]:
    known = [
        {m: float(v[i]) for m, v in measures.items() if not np.isnan(v[i])}
        for i in range(len(about[0]))
    ]
    numbers = zip(*(column.tolist() for column in about), known, strict=True)
    return [Row(*one) for one in numbers]
