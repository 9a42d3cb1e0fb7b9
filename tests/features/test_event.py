"""Feature vectors: what may be seen, what must not, and what nulls say."""

import subprocess
import sys
from dataclasses import fields, replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from dexter.domain.alert import FeatureVector
from dexter.domain.filing import Basis, Headline
from dexter.domain.market import IndexHistory, MarketHistory, PriceHistory
from dexter.domain.period import Quarter
from dexter.features.bars import WINDOW
from dexter.features.catalogue import BY_NAME, SPECS, catalogue_hash
from dexter.features.event import EventInputs, build
from dexter.features.regime import INDICES
from dexter.features.spec import Category
from tests.features.making import at, prices_of, quarter_of, walk, weekdays
from tests.features.making_market import headline, market_of

N = 800
DAYS = weekdays(N)
LAST = DAYS[-100]
QUARTER = Quarter.ended_before(LAST)
CONTRACT = {
    Category.TECHNICAL: {
        *("rsi_14", "macd_line", "macd_signal", "macd_histogram", "atr_14", "adx_14"),
        *("bollinger_upper", "bollinger_middle", "bollinger_lower"),
        *("sma_50", "sma_200"),
    },
    Category.FINANCIAL: {
        *("pe_ttm", "pb", "roe_ttm", "debt_to_equity", "net_margin"),
        *("revenue_yoy", "profit_yoy", "eps_yoy"),
    },
    Category.EARNINGS: {"sue"},
}
COLUMNS = tuple(
    f.name for f in fields(PriceHistory) if f.name not in {"symbol", "source"}
)


def inputs(hour: int = 18) -> EventInputs:
    """A company with a long past, and a hundred sessions after its results."""
    published = at(LAST, hour)
    return EventInputs(
        symbol="MADEUP",
        published_at=published,
        quarter=QUARTER,
        basis=Basis.STANDALONE,
        prices=replace(
            prices_of(walk(N)),
            trades=(900,) * N,
            delivered=(60_000,) * N,
            price_band=(20.0,) * N,
        ),
        indices={
            name: IndexHistory(name, DAYS, tuple(walk(N, seed)), "made up")
            for seed, name in enumerate(INDICES, 20)
        },
        market=market_of(
            DAYS,
            strength=(tuple(i / 20 for i in range(19)),) * N,
            resolved=(9,) * N,
            resolved_hits=tuple(i % 3 for i in range(N)),
            result_days=DAYS,
            results=(5,) * N,
            stories_from=at(DAYS[0]),
            stories_until=at(DAYS[-1]),
        ),
        figures=[
            *(
                quarter_of(
                    QUARTER.shift(-back),
                    str(100 + back * back % 37),
                    str(900 + back * back % 23),
                    "2.5",
                )
                for back in range(14, 0, -1)
            ),
            quarter_of(QUARTER, "170", "1300", "4.25", known_at=published),
        ],
        headlines=[
            headline(at(day, 12), f"Order number {place} bagged", "A large order.")
            for place, day in enumerate(DAYS[::9])
        ],
    )


def values(vector: FeatureVector) -> dict[str, float | None]:
    return {name: feature.value for name, feature in vector.features.items()}


def reason(vector: FeatureVector, name: str) -> str:
    return vector.features[name].reason or ""


def cut_prices(history: PriceHistory, rows: slice) -> PriceHistory:
    kept = {name: getattr(history, name)[rows] for name in COLUMNS}
    return replace(history, **kept)


def cut_market(history: MarketHistory, moment: datetime) -> MarketHistory:
    """As the store reads it at a moment."""
    sessions = sum(at(day, 15, 30) < moment for day in history.sessions)
    days = sum(day < moment.date() for day in history.result_days)
    ranked = sum(day < moment.date() for day in history.ranked_days)
    ends = {"result_days": days, "results": days, "ranked_days": ranked}
    ends |= dict.fromkeys(("profit_qoq", "profit_change", "profit_yield"), ranked)
    kept = {
        f.name: column[: ends.get(f.name, sessions)]
        for f in fields(MarketHistory)
        for column in [getattr(history, f.name)]
        if isinstance(column, tuple)
    }
    return replace(history, **kept, stories_until=moment)  # type: ignore[arg-type]  # columns only


def assert_alike(one: FeatureVector, other: FeatureVector) -> None:
    """The same but for rounding, and absent for the same reasons."""
    for name, feature in one.features.items():
        same = other.features[name]
        assert same.reason == feature.reason, name
        if feature.value is not None:
            assert same.value == pytest.approx(feature.value, rel=1e-9, abs=1e-12), name


def test_everything_named_in_the_contract_is_there_in_its_category() -> None:
    vector = build(inputs())
    assert set(vector.features) == set(BY_NAME)
    for category, names in CONTRACT.items():
        assert {vector.features[name].category for name in names} == {category.value}
    assert {f.category for f in vector.features.values()} == set(Category)
    assert vector.catalogue_hash == catalogue_hash()
    for name, feature in vector.features.items():
        assert (feature.value is None) is bool(feature.reason), name
        assert feature.unit == BY_NAME[name].unit


def test_a_full_history_leaves_only_what_was_not_told_unknown() -> None:
    vector = build(inputs())
    unknown = {n for n, f in vector.features.items() if f.value is None}
    of_prices = {
        spec.name
        for spec in SPECS
        if spec.category in {Category.TECHNICAL, Category.REGIME, Category.SEASONALITY}
    }
    assert not unknown & of_prices
    assert unknown >= {"pb", "roe_ttm", "debt_to_equity", "social_buzz_7"}
    assert not unknown & {"sue", "pe_ttm", "announcements_30", "delivery_share_20"}


@pytest.mark.parametrize("hour", [8, 11, 15, 18, 21])
def test_the_future_changes_nothing(hour: int) -> None:
    given = inputs(hour)
    assert given.prices is not None
    assert given.market is not None
    moment = given.published_at
    bars = slice(sum(at(day, 15, 30) < moment for day in DAYS))
    closes = slice(sum(at(day, 20) < moment for day in DAYS))
    delivered = list(given.prices.delivered)[bars]
    if at(LAST, 15, 30) < moment <= at(LAST, 20):
        delivered[-1] = None  # nobody has told it yet
    past = replace(
        given,
        prices=replace(cut_prices(given.prices, bars), delivered=tuple(delivered)),
        indices={
            name: replace(one, sessions=one.sessions[closes], close=one.close[closes])
            for name, one in given.indices.items()
        },
        market=cut_market(given.market, moment),
        headlines=[one for one in given.headlines if one.published_at < moment],
    )
    later = [
        quarter_of(QUARTER.next, "9999", known_at=moment + timedelta(days=1)),
        # A revision of the very quarter, published a second later.
        quarter_of(QUARTER, "1", known_at=moment + timedelta(seconds=1)),
    ]
    known = replace(given, figures=[*given.figures, *later])
    assert build(given) == build(past) == build(known)


def test_a_headline_of_the_very_moment_is_not_seen() -> None:
    given = inputs()
    news = [*given.headlines, story(given.published_at)]
    assert build(replace(given, headlines=news)) == build(given)
    before = story(given.published_at - timedelta(seconds=1))
    seen = build(replace(given, headlines=[*given.headlines, before]))
    assert values(seen)["announcements_5"] != values(build(given))["announcements_5"]


def story(moment: datetime) -> Headline:
    return headline(moment, "Fraud found, default and losses")


def test_the_session_of_an_intraday_publication_is_not_seen() -> None:
    given = inputs(11)
    assert given.prices is not None
    close = list(given.prices.close)
    close[-100] *= 5
    shocked = replace(given, prices=replace(given.prices, close=tuple(close)))
    assert build(given) == build(shocked)
    after = replace(shocked, published_at=at(LAST, 18))
    assert values(build(after))["return_5"] != values(build(given))["return_5"]


def test_a_later_split_changes_no_feature() -> None:
    given = inputs()
    assert given.prices is not None
    factor = (0.1,) * (N - 50) + (1.0,) * 50
    split = replace(given, prices=replace(given.prices, factor=factor))
    assert_alike(build(given), build(split))


def test_an_earlier_split_is_adjusted_for() -> None:
    given = inputs()
    assert given.prices is not None
    at_split = N - 150
    after = np.arange(N) >= at_split
    halved = {
        name: np.where(after, np.array(getattr(given.prices, name)) / 2, column)
        for name in ("open", "high", "low", "close")
        for column in [np.array(getattr(given.prices, name))]
    }
    base = np.concatenate([halved["close"][:1], halved["close"][:-1]])
    base[at_split] /= 2
    columns = {**halved, "base": base, "factor": np.where(after, 1.0, 0.5)}
    told = {name: tuple(column.tolist()) for name, column in columns.items()}
    split = replace(given, prices=replace(given.prices, **told))  # type: ignore[arg-type]  # columns only
    plain, adjusted = values(build(given)), values(build(split))
    for name in ("rsi_14", "adx_14", "return_60", "close_to_sma_200", "vcp_score"):
        assert adjusted[name] == pytest.approx(plain[name], rel=1e-9), name
    close = columns["close"] * columns["factor"]
    end = N - 99
    assert adjusted["sma_200"] == pytest.approx(close[end - 200 : end].mean())


def test_history_beyond_the_window_changes_nothing() -> None:
    given = inputs()
    assert given.prices is not None
    start = N - 99 - WINDOW
    tail = replace(given, prices=cut_prices(given.prices, slice(start, None)))
    assert_alike(build(given), build(tail))


def test_without_prices_or_figures_each_null_has_a_reason() -> None:
    bare = replace(
        inputs(), prices=None, indices={}, market=None, figures=[], headlines=[]
    )
    vector = build(bare)
    known = {n for n, f in vector.features.items() if f.value is not None}
    assert {BY_NAME[name].category for name in known} <= {
        *(Category.SEASONALITY, Category.EARNINGS)
    }
    assert known >= {"fiscal_quarter", "published_in_session", "publication_hour"}
    assert all(f.reason for n, f in vector.features.items() if n not in known)
    assert reason(vector, "rsi_14") == "no bar before publication"
    assert reason(vector, "net_margin") == "no figures of this quarter"
    assert reason(vector, "vix") == "no closes of the index are kept"
    assert "announcements" in reason(vector, "announcements_30")


def test_a_short_history_says_what_it_needs() -> None:
    prices = prices_of(walk(30), days=DAYS[N - 129 : N - 99])
    vector = build(replace(inputs(), prices=prices))
    assert values(vector)["rsi_14"] is not None
    assert reason(vector, "sma_200") == "fewer than 200 sessions of prices"
    assert reason(vector, "macd_signal") == "fewer than 34 sessions of prices"


def test_a_share_that_stopped_trading_has_no_price_features() -> None:
    stale = prices_of(walk(300), days=DAYS[:300])
    vector = build(replace(inputs(), prices=stale))
    assert reason(vector, "rsi_14") == "the last bar is over 15 days old"
    assert values(vector)["sue"] is not None


def test_figures_of_unknown_publication_stay_out() -> None:
    given = inputs()
    unknown = [replace(one, known_at=None) for one in given.figures]
    vector = build(replace(given, figures=unknown))
    assert reason(vector, "net_margin") == "no figures of this quarter"


def test_importing_features_loads_nothing_heavier_than_numpy() -> None:
    code = (
        "import sys, dexter.features.event, dexter.features.vcp;"
        "heavy = {'pandas', 'scipy', 'xgboost', 'lightgbm', 'numba', 'matplotlib',"
        " 'pyarrow', 'sqlalchemy', 'sklearn', 'talib'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own text
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
