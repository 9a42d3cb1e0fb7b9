"""What each company's results measured, as the season keeps it."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from dexter.domain.filing import Basis
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from pipelines.ingest.season import season_peers
from tests.features.making import quarter_of
from tests.features.reference_figures import Event, reference

Q = Quarter(2025, 2)
FEATURES = {
    "sue": "sue",
    "revenue_growth": "revenue_yoy",
    "profit_growth": "profit_yoy",
    "margin_change": "net_margin_change",
    "quality": "quality",
}


def company(seed: int) -> list[QuarterFigures]:
    rng = Random(seed)  # noqa: S311 - made-up figures
    return [
        quarter_of(
            Q.shift(-back),
            str(rng.randint(-30, 300)),
            str(rng.randint(500, 2000)),
            extra=("5", str(rng.randint(-9, 9)), str(rng.randint(-40, 400))),
        )
        for back in range(18)
        if rng.random() > 0.1
    ]


def test_every_result_is_measured_as_of_its_publication() -> None:
    versions = {f"C{seed}": company(seed) for seed in range(12)}
    rows = list(season_peers(versions, {"C3": "bank"}))
    assert len(rows) == sum(map(len, versions.values()))
    told = {(s, f.period_end): f for s, mine in versions.items() for f in mine}
    for row in rows:
        symbol, figures = str(row["symbol"]), told[row["symbol"], row["period_end"]]  # type: ignore[index]  # the key of a row
        assert figures.known_at is not None
        mine, quarter = versions[symbol], figures.quarter
        event = Event(mine, quarter, Basis.STANDALONE, figures.known_at, None)
        wanted = reference(event)
        for field, feature in FEATURES.items():
            value = wanted[feature]
            if value is None:
                assert row[field] is None, (symbol, quarter, field)
            else:
                assert row[field] == pytest.approx(float(value), rel=1e-9)
        assert row["published_at"] == figures.known_at
        assert row["family"] == ("bank" if symbol == "C3" else "general")


def test_a_revision_changes_no_row_and_makes_none() -> None:
    mine = company(1)
    latest = mine[0]
    assert latest.known_at is not None
    revised = replace(
        quarter_of(latest.quarter, "9999"), known_at=latest.known_at + timedelta(days=9)
    )
    assert list(season_peers({"C": [*mine, revised]}, {})) == list(
        season_peers({"C": mine}, {})
    )


def test_a_quarter_told_under_a_wrong_date_is_no_result() -> None:
    now = quarter_of(Q, "100", eps="2")
    again = quarter_of(Q.year_ago, "100", eps="2", known_at=now.known_at)
    (row,) = season_peers({"C": [again, now]}, {})
    assert row["period_end"] == Q.end
    assert row["profit_growth"] is None


def test_only_standalone_figures_that_were_published_count() -> None:
    figures = quarter_of(Q, "100")
    other = replace(figures, basis=Basis.CONSOLIDATED)
    untold = replace(figures, known_at=None)
    assert list(season_peers({"C": [other, untold]}, {})) == []
    assert list(season_peers({}, {})) == []
