"""The blockbuster score in columns: by hand, and against a slow reference."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dexter.features.columns import Array, Whole
from dexter.ml.blockbuster import MEASURES, MINIMUM_PEERS, Scores, score_columns
from dexter.ml.ranks import NEITHER, Peers
from tests.ml import reference_blockbuster as slow
from tests.ml.reference_blockbuster import Row

SEASON = 8100
MINE = 10_000
SAME = dict.fromkeys(MEASURES, 0.0)


def columns(rows: Sequence[Row]) -> tuple[dict[str, Array], Whole]:
    measures = {
        name: np.array([row.known.get(name, np.nan) for row in rows], dtype=np.float64)
        for name in MEASURES
    }
    about = [(row.cohort, row.season, row.moment, row.company) for row in rows]
    return measures, np.array(about, dtype=np.int64).reshape(len(rows), 4).T


def scored(
    rows: Sequence[Row], peers: Sequence[Row], minimum: int = MINIMUM_PEERS
) -> Scores:
    measures, about = columns(rows)
    cohort, season, moment, company = about
    theirs, others_about = columns(peers)
    return score_columns(
        measures,
        cohort,
        season,
        moment,
        company,
        Peers.of(theirs, *others_about),
        minimum,
    )


def row(moment: int = 100, company: int = MINE, **known: float) -> Row:
    return Row(0, SEASON, moment, company, known)


def others(count: int, season: int = SEASON, moment: int = 50) -> list[Row]:
    """Companies whose every measure is 0, 1, 2, …"""
    return [
        Row(0, season, moment, company, dict.fromkeys(MEASURES, float(company)))
        for company in range(count)
    ]


def percentile(found: Scores, component: str = "surprise") -> float:
    return float(found.components[component].percentile[0])


def test_percentiles_and_their_mean_by_hand() -> None:
    mine = row(
        sue=89.5,
        revenue_yoy=49.5,
        profit_yoy=69.5,
        net_margin_change=19.5,
        quality=9.5,
    )

    found = scored([mine], others(100))

    assert {name: part.percentile[0] for name, part in found.components.items()} == {
        "surprise": 90.0,
        "growth": 60.0,  # the mean of 50 and 70
        "margin": 20.0,
        "quality": 90.0,  # little odd income ranks high
    }
    assert found.score[0] == 65.0
    assert found.coverage[0] == 1.0


def test_ties_count_half() -> None:
    level = [row(50, company, **SAME) for company in range(40)]

    assert percentile(scored([row(sue=0.0)], level)) == 50.0


def test_a_missing_part_lowers_coverage_and_not_the_score() -> None:
    found = scored([row(sue=89.5)], others(100))

    assert (found.score[0], found.coverage[0]) == (90.0, 0.25)
    assert np.isnan(percentile(found, "margin"))


def test_growth_stands_on_revenue_where_profit_growth_has_none() -> None:
    growth = scored([row(revenue_yoy=49.5)], others(100)).components["growth"]

    assert (growth.value[0], growth.percentile[0]) == (49.5, 50.0)


def test_growth_shows_the_value_that_is_ranked() -> None:
    peers = [row(50, c, revenue_yoy=float(c)) for c in range(100)]
    mine = row(profit_yoy=3.0, revenue_yoy=49.5)

    growth = scored([mine], peers).components["growth"]

    assert (growth.value[0], growth.percentile[0]) == (49.5, 50.0)


def test_nothing_known_is_no_score() -> None:
    found = scored([row()], others(100))

    assert np.isnan(found.score[0])
    assert found.coverage[0] == 0.0


def test_only_the_same_cohort_is_a_peer() -> None:
    banks = [Row(1, SEASON, 50, 500 + c, {"sue": 1000.0}) for c in range(100)]

    found = scored([row(sue=89.5)], [*others(100), *banks])

    assert percentile(found) == 90.0
    assert np.isnan(percentile(scored([row(sue=89.5)], banks)))


def test_thirty_peers_are_enough_and_twenty_nine_are_not() -> None:
    enough, few = (
        scored([row(sue=14.5)], others(30)),
        scored([row(sue=14.5)], others(29)),
    )

    assert percentile(enough) == 50.0
    assert np.isnan(few.score[0])
    assert few.components["surprise"].value[0] == 14.5
    assert few.ranks["sue"].back[0] == NEITHER
    assert few.ranks["sue"].counts.tolist() == [[29, 0]]


def test_the_season_before_stands_in_for_one_with_too_few_and_never_joins_it() -> None:
    before = [
        Row(0, SEASON - 1, 10, c, dict.fromkeys(MEASURES, 100.0)) for c in range(30)
    ]
    mine = [row(sue=14.5)]

    for count, expected, back in ((29, 0.0, 1), (30, 50.0, 0)):
        found = scored(mine, [*others(count), *before])
        assert (percentile(found), found.ranks["sue"].back[0]) == (expected, back)
    assert np.isnan(percentile(scored(mine, [*others(29), *before[1:]])))


def test_each_measure_chooses_its_own_season() -> None:
    now = [row(50, c, sue=float(c)) for c in range(30)]
    mine = [row(sue=14.5, quality=14.5)]

    found = scored(mine, [*now, *others(30, SEASON - 1)])

    assert [found.ranks[m].back[0] for m in ("sue", "quality")] == [0, 1]
    assert found.coverage[0] == 0.5


def test_two_seasons_back_is_too_long_ago() -> None:
    assert np.isnan(scored([row(sue=1.0)], others(100, SEASON - 2)).score[0])


def test_peers_without_the_measure_do_not_count() -> None:
    blank = [row(50, 200 + c) for c in range(100)]

    assert np.isnan(percentile(scored([row(sue=5.0)], [*others(29), *blank])))


def test_no_company_is_its_own_peer() -> None:
    mine = row(sue=14.5)
    last = Row(0, SEASON - 1, 20, MINE, {"sue": -5.0})

    alone = scored([mine], [*others(30), mine])
    assert percentile(alone) == 50.0
    assert np.isnan(percentile(scored([mine], [*others(29), mine])))
    assert np.isnan(percentile(scored([mine], [*others(29, SEASON - 1), last])))


def test_a_peer_of_the_very_moment_is_known_and_a_later_one_is_not() -> None:
    mine = [row(100, sue=14.5)]

    assert percentile(scored(mine, others(30, moment=100))) == 50.0
    assert np.isnan(percentile(scored(mine, others(30, moment=101))))


def test_no_events_have_no_scores() -> None:
    found = scored([], others(30))

    assert found.score.shape == found.coverage.shape == (0,)


def test_a_market_without_peers_scores_nobody() -> None:
    assert np.isnan(scored([row(sue=1.0)], [], minimum=0).score[0])


@st.composite
def markets(draw: st.DrawFn) -> list[Row]:
    """Few companies, cohorts, seasons, moments and values, so that much is level."""
    small = st.one_of(st.none(), st.integers(-2, 2), st.floats(-3, 3, width=16))
    seasons = draw(st.integers(1, 3))
    rows: list[Row] = []
    for company in range(draw(st.integers(1, 25))):
        cohort = draw(st.integers(0, 1))
        for season in range(seasons):
            if not draw(st.booleans()):
                continue
            told = {name: draw(small) for name in MEASURES}
            known = {name: float(v) for name, v in told.items() if v is not None}
            moment = 10 * season + draw(st.integers(0, 12))
            rows.append(Row(cohort, SEASON + season, moment, company, known))
    return rows


@settings(max_examples=150, deadline=None)
@given(markets(), st.integers(1, 6))
def test_columns_agree_with_the_reference(rows: list[Row], minimum: int) -> None:
    agree(scored(rows, rows, minimum), rows, rows, minimum)


def test_columns_agree_with_the_reference_on_many_rows() -> None:
    rng = np.random.default_rng(3)
    rows = [
        Row(
            int(rng.integers(4)),
            SEASON + int(rng.integers(4)),
            int(rng.integers(400)),
            int(rng.integers(300)),
            {m: round(rng.normal(), 1) for m in MEASURES if rng.random() < 0.8},
        )
        for _ in range(1200)
    ]

    found = scored(rows, rows)

    agree(found, rows, rows, MINIMUM_PEERS)
    backs = {int(back) for ranks in found.ranks.values() for back in ranks.back}
    assert backs == {0, 1, NEITHER}
    assert 0 < np.isnan(found.score).sum() < len(rows)


@settings(max_examples=50, deadline=None)
@given(markets(), st.integers(0, 32))
def test_later_results_change_nothing(rows: list[Row], moment: int) -> None:
    asked = [row for row in rows if row.moment <= moment]
    same(scored(asked, rows, 2), scored(asked, asked, 2))


@settings(max_examples=50, deadline=None)
@given(markets())
def test_one_event_alone_scores_as_it_does_among_all(rows: list[Row]) -> None:
    together = scored(rows, rows, 2)
    for place, one in enumerate(rows):
        alone = scored([one], rows, 2)
        assert np.array_equal(alone.score, together.score[[place]], equal_nan=True)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_better_surprise_never_ranks_lower(one: float, two: float) -> None:
    low, high = sorted((one, two))

    found = scored([row(sue=low), row(sue=high)], others(100)).score

    assert 0 <= found[0] <= found[1] <= 100


@pytest.mark.parametrize("name", MEASURES)
def test_only_less_odd_income_is_better(name: str) -> None:
    low, high = (Row(0, SEASON, 100, MINE, {name: value}) for value in (9.5, 89.5))

    found = scored([low, high], others(100)).score

    assert tuple(found) == ((90.0, 10.0) if name == "quality" else (10.0, 90.0))


def agree(
    found: Scores, rows: Sequence[Row], peers: Sequence[Row], minimum: int
) -> None:
    """Every rank, component, score and coverage is the reference's."""
    for place, one in enumerate(rows):
        for name in MEASURES:
            expected = slow.percentile(name, one, peers, minimum)
            ranks = found.ranks[name]
            if expected is None:
                assert np.isnan(ranks.percentile[place])
                continue
            assert ranks.percentile[place] == pytest.approx(expected[0], abs=1e-9)
            assert ranks.back[place] == expected[1]
        for name, part in slow.components(one, peers, minimum).items():
            close(found.components[name].percentile[place], part)
        score, coverage = slow.score(one, peers, minimum)
        close(found.score[place], score)
        assert found.coverage[place] == coverage


def close(found: float, expected: float | None) -> None:
    if expected is None:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(expected, abs=1e-9)


def same(one: Scores, other: Scores) -> None:
    assert np.array_equal(one.score, other.score, equal_nan=True)
    assert np.array_equal(one.coverage, other.coverage)
    for name, part in one.components.items():
        theirs = other.components[name]
        assert np.array_equal(part.value, theirs.value, equal_nan=True)
        assert np.array_equal(part.percentile, theirs.percentile, equal_nan=True)
