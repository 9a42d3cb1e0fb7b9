"""Feature vectors: what may be seen, what must not, and what nulls say."""

import dataclasses
import subprocess
import sys
from datetime import timedelta

import numpy as np
import pytest

from dexter.domain.alert import FeatureVector
from dexter.domain.filing import Basis
from dexter.domain.period import Quarter
from dexter.features.bars import WINDOW
from dexter.features.catalogue import CATEGORIES, MODEL_INPUTS, SPECS, catalogue_hash
from dexter.features.event import EventInputs, build
from tests.features.making import at, index_of, prices_of, quarter_of, walk, weekdays

N = 700
DAYS = weekdays(N)
QUARTER = Quarter.ended_before(DAYS[-100])
CONTRACT = {
    *("rsi_14", "macd_line", "macd_signal", "macd_histogram", "atr_14", "adx_14"),
    *("bollinger_upper", "bollinger_middle", "bollinger_lower", "sma_50", "sma_200"),
    *("pe_ttm", "pb", "roe_ttm", "debt_to_equity", "net_margin", "revenue_yoy"),
    *("profit_yoy", "eps_yoy", "sue"),
}


def inputs(hour: int = 18) -> EventInputs:
    figures = [
        quarter_of(
            QUARTER.shift(-back),
            str(100 + back * back % 37),
            str(900 + back * back % 23),
            "2.5",
        )
        for back in range(14, 0, -1)
    ]
    published = at(DAYS[-100], hour)
    figures.append(quarter_of(QUARTER, "170", "1300", "4.25", known_at=published))
    return EventInputs(
        symbol="MADEUP",
        published_at=published,
        quarter=QUARTER,
        basis=Basis.STANDALONE,
        prices=prices_of(walk(N)),
        market=index_of(N),
        vix=index_of(N, "INDIA_VIX"),
        figures=figures,
    )


def values(vector: FeatureVector) -> dict[str, float | None]:
    return {name: feature.value for name, feature in vector.features.items()}


def test_everything_named_in_the_contract_is_there_in_its_category() -> None:
    vector = build(inputs())
    assert set(vector.features) >= CONTRACT
    assert {f.category for f in vector.features.values()} <= set(CATEGORIES)
    assert vector.catalogue_hash == catalogue_hash()
    for name, feature in vector.features.items():
        assert (feature.value is None) is bool(feature.reason), name


def test_a_full_history_leaves_only_the_balance_sheet_unknown() -> None:
    unknown = {n for n, f in build(inputs()).features.items() if f.value is None}
    assert unknown == {"pb", "roe_ttm", "debt_to_equity"}


def test_names_are_unique_and_inputs_are_of_the_catalogue() -> None:
    names = [spec.name for spec in SPECS]
    assert len(names) == len(set(names))
    assert set(MODEL_INPUTS) <= set(names)


@pytest.mark.parametrize("hour", [8, 11, 15, 18])
def test_the_future_changes_nothing(hour: int) -> None:
    given = inputs(hour)
    assert given.prices is not None
    assert given.market is not None
    cut = next(i for i, day in enumerate(DAYS) if at(day, 15, 30) >= given.published_at)
    short = {
        field.name: getattr(given.prices, field.name)[:cut]
        for field in dataclasses.fields(given.prices)
        if field.name not in {"symbol", "source"}
    }
    index_cut = sum(at(day, 20) < given.published_at for day in DAYS)
    past = dataclasses.replace(
        given,
        prices=dataclasses.replace(given.prices, **short),
        market=dataclasses.replace(
            given.market,
            sessions=given.market.sessions[:index_cut],
            close=given.market.close[:index_cut],
        ),
    )
    later = [
        quarter_of(QUARTER.next, "9999", known_at=given.published_at + timedelta(1)),
        # A revision of the very quarter, published a second later.
        quarter_of(QUARTER, "1", known_at=given.published_at + timedelta(seconds=1)),
    ]
    known = dataclasses.replace(given, figures=[*given.figures, *later])
    assert values(build(given)) == values(build(past)) == values(build(known))


def test_the_session_of_an_intraday_publication_is_not_seen() -> None:
    given = inputs(11)
    assert given.prices is not None
    close = list(given.prices.close)
    close[-100] *= 5
    shocked = dataclasses.replace(
        given, prices=dataclasses.replace(given.prices, close=tuple(close))
    )
    assert values(build(given)) == values(build(shocked))
    after = dataclasses.replace(shocked, published_at=at(DAYS[-100], 18))
    assert values(build(after))["return_5"] != values(build(given))["return_5"]


def test_a_later_split_changes_no_feature() -> None:
    given = inputs()
    assert given.prices is not None
    factor = [0.1] * (N - 50) + [1.0] * 50
    split = dataclasses.replace(
        given, prices=dataclasses.replace(given.prices, factor=tuple(factor))
    )
    before, after = values(build(given)), values(build(split))
    assert after.keys() == before.keys()
    for name, value in before.items():
        if value is None:
            assert after[name] is None, name
        else:
            assert after[name] == pytest.approx(value, rel=1e-9), name


def test_an_earlier_split_is_adjusted_for() -> None:
    given = inputs()
    assert given.prices is not None
    at_split, end = N - 150, N - 99
    close = np.array(given.prices.close)
    halved = np.where(np.arange(N) >= at_split, close / 2, close)
    base = np.concatenate(([halved[0]], halved[:-1]))
    base[at_split] = halved[at_split - 1] / 2
    factor = np.where(np.arange(N) < at_split, 0.5, 1.0)
    changes = {
        "close": halved,
        "base": base,
        "factor": factor,
        **{
            name: np.where(
                np.arange(N) >= at_split,
                np.array(getattr(given.prices, name)) / 2,
                getattr(given.prices, name),
            )
            for name in ("open", "high", "low")
        },
    }
    split = dataclasses.replace(
        given,
        prices=dataclasses.replace(
            given.prices,
            **{n: tuple(v.tolist()) for n, v in changes.items()},  # type: ignore[arg-type]  # columns only
        ),
    )
    plain, adjusted = build(given).features, build(split).features
    for name in ("rsi_14", "adx_14", "return_60", "close_to_sma_200", "atr_to_close"):
        assert adjusted[name].value == pytest.approx(plain[name].value, rel=1e-9)
    assert adjusted["sma_200"].value == pytest.approx(
        float((halved * factor)[end - 200 : end].mean())
    )


def test_history_beyond_the_window_changes_nothing() -> None:
    given = inputs()
    assert given.prices is not None
    start = N - 99 - WINDOW
    tail = {
        field.name: getattr(given.prices, field.name)[start:]
        for field in dataclasses.fields(given.prices)
        if field.name not in {"symbol", "source"}
    }
    short = dataclasses.replace(given, prices=dataclasses.replace(given.prices, **tail))
    assert values(build(given)) == values(build(short))


def test_without_prices_or_figures_each_null_has_a_reason() -> None:
    bare = dataclasses.replace(inputs(), prices=None, market=None, vix=None, figures=[])
    vector = build(bare)
    known = {n for n, f in vector.features.items() if f.value is not None}
    assert known == {
        "fiscal_quarter",
        "days_since_quarter_end",
        "published_in_session",
    }
    assert vector.features["rsi_14"].reason == "no prices at hand"
    assert str(QUARTER) in (vector.features["net_margin"].reason or "")


def test_a_short_history_says_what_it_needs() -> None:
    given = dataclasses.replace(
        inputs(), prices=prices_of(walk(30), days=DAYS[N - 129 : N - 99])
    )
    features = build(given).features
    assert features["rsi_14"].value is not None
    assert features["sma_200"].reason == "needs 200 sessions, 30 are known"
    assert features["macd_signal"].reason == "needs 34 sessions, 30 are known"


def test_a_share_that_stopped_trading_has_no_price_features() -> None:
    given = inputs()
    stale = prices_of(walk(300), days=DAYS[:300])
    reason = build(dataclasses.replace(given, prices=stale)).features["rsi_14"].reason
    assert reason
    assert "days before publication" in reason


def test_figures_of_unknown_publication_stay_out() -> None:
    given = inputs()
    unknown = [dataclasses.replace(f, known_at=None) for f in given.figures]
    vector = build(dataclasses.replace(given, figures=unknown))
    assert vector.features["net_margin"].value is None


def test_importing_features_loads_nothing_heavier_than_numpy() -> None:
    code = (
        "import sys, dexter.features.event, dexter.features.vcp;"
        "heavy = {'pandas', 'scipy', 'xgboost', 'pyarrow', 'sqlalchemy', 'sklearn'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own text
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
