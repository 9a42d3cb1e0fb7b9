"""Ticks, limit prices and circuits, on invented prices."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.circuits import (
    NO_BAND,
    STANDARD_BANDS,
    Band,
    DayPrices,
    Side,
    classify,
    limit_prices,
    tick_size,
)
from dexter.domain.market import Circuit

OLD, FINE, STEPPED = date(2024, 6, 7), date(2024, 6, 10), date(2025, 4, 15)
UNUSABLE = [
    Decimal(0),
    Decimal(-1),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    Decimal("1e-9"),
    Decimal("1e12"),
]
TICKS = st.sampled_from(
    [
        Decimal("0.01"),
        Decimal("0.05"),
        Decimal("0.10"),
        Decimal("0.50"),
        Decimal(1),
        Decimal(5),
    ]
)
PAISE = st.integers(1, 10_000_000).map(lambda paise: Decimal(paise) / 100)
BANDS = st.decimals(
    min_value=Decimal("0.01"), max_value=Decimal("99.9"), places=2, allow_nan=False
)


@pytest.mark.parametrize(
    ("price", "day", "tick"),
    [
        ("0.05", OLD, "0.05"),
        ("249.99", OLD, "0.05"),
        ("70000", OLD, "0.05"),
        ("249.99", FINE, "0.01"),
        ("250", FINE, "0.05"),
        ("70000", FINE, "0.05"),
        ("70000", date(2025, 4, 14), "0.05"),
        ("249.99", STEPPED, "0.01"),
        ("250", STEPPED, "0.05"),
        ("1000", STEPPED, "0.05"),
        ("1000.05", STEPPED, "0.10"),
        ("5000", STEPPED, "0.10"),
        ("5000.10", STEPPED, "0.50"),
        ("10000", STEPPED, "0.50"),
        ("10000.50", STEPPED, "1"),
        ("20000", STEPPED, "1"),
        ("20001", STEPPED, "5"),
    ],
)
def test_the_tick_by_price_and_day(price: str, day: date, tick: str) -> None:
    assert tick_size(Decimal(price), day) == Decimal(tick)


def test_an_explicit_tick_wins() -> None:
    assert tick_size(Decimal(300), STEPPED, explicit=Decimal("0.01")) == Decimal("0.01")
    assert tick_size(
        Decimal(300), OLD, explicit=Decimal("0.10"), series="SM"
    ) == Decimal("0.10")


@pytest.mark.parametrize("series", ["SM", "ST"])
def test_small_company_series_keep_five_paise(series: str) -> None:
    assert tick_size(Decimal("64.80"), STEPPED, series=series) == Decimal("0.05")
    assert tick_size(Decimal(1200), STEPPED, series=series) == Decimal("0.05")


@pytest.mark.parametrize("price", UNUSABLE)
def test_a_price_or_tick_nothing_can_have_is_refused(price: Decimal) -> None:
    with pytest.raises(ValueError, match="rupees is none"):
        tick_size(price, STEPPED)
    with pytest.raises(ValueError, match="step of"):
        tick_size(Decimal(100), STEPPED, explicit=price)
    with pytest.raises(ValueError, match="base price of"):
        limit_prices(price, Decimal(5), Decimal("0.05"))
    with pytest.raises(ValueError, match="step of"):
        limit_prices(Decimal(100), Decimal(5), price)


@pytest.mark.parametrize(
    "band", [Decimal(0), Decimal(-5), Decimal(100), Decimal("NaN"), Decimal("Infinity")]
)
def test_a_band_nothing_can_have_is_refused(band: Decimal) -> None:
    with pytest.raises(ValueError, match="price band"):
        limit_prices(Decimal(100), band, Decimal("0.05"))


@pytest.mark.parametrize(
    ("base", "band", "tick", "lower", "upper"),
    [
        ("100", "5", "0.05", "95.00", "105.00"),
        ("101.03", "5", "0.01", "95.98", "106.08"),
        ("101.05", "5", "0.05", "96.00", "106.10"),
        ("6123.50", "10", "0.50", "5511.50", "6735.50"),
        # Less than a step of band is a step all the same.
        ("0.40", "2", "0.01", "0.39", "0.41"),
        ("0.47", "2", "0.01", "0.46", "0.48"),
        # A price of nothing is no limit.
        ("0.05", "5", "0.05", "0.05", "0.10"),
        ("0.01", "20", "0.01", "0.01", "0.02"),
        # A base between two steps, as after a corporate action.
        ("95.67", "5", "0.05", "90.90", "100.45"),
    ],
)
def test_limits_go_inwards_to_the_step(
    base: str, band: str, tick: str, lower: str, upper: str
) -> None:
    found = limit_prices(Decimal(base), Decimal(band), Decimal(tick))
    assert (found.lower, found.upper) == (Decimal(lower), Decimal(upper))


@given(PAISE, BANDS, TICKS)
def test_limits_lie_on_the_grid_around_the_base(
    base: Decimal, band: Decimal, tick: Decimal
) -> None:
    lower, upper = limit_prices(base, band, tick)
    assert lower % tick == upper % tick == 0
    assert upper > base
    assert lower > 0
    assert lower < base or lower == tick
    # As far as the band allows and no further, but for the least step.
    raw = base * (1 + band / 100)
    assert upper <= raw or upper - tick <= base
    assert raw < upper + tick
    floor = base * (1 - band / 100)
    assert floor <= lower or base <= lower + tick
    assert lower - tick < floor


@given(PAISE, BANDS, BANDS, TICKS)
def test_a_wider_band_never_narrows_the_limits(
    base: Decimal, one: Decimal, other: Decimal, tick: Decimal
) -> None:
    narrow = limit_prices(base, min(one, other), tick)
    wide = limit_prices(base, max(one, other), tick)
    assert wide.lower <= narrow.lower
    assert narrow.upper <= wide.upper


def day(*prices: str, base: str = "100", last: str | None = None) -> DayPrices:
    first, high, low, close = (Decimal(price) for price in prices)
    final = None if last is None else Decimal(last)
    return DayPrices(Decimal(base), first, high, low, close, final)


CENT = Decimal("0.05")
FIVE = Decimal(5)


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        (day("101", "104.95", "99", "104.95", last="104.95"), Circuit.NONE),
        (day("101", "105", "99", "103", last="103.50"), Circuit.TOUCHED),
        # The last trade left the limit, though the average of the end is near it.
        (day("101", "105", "99", "104.95", last="104.90"), Circuit.TOUCHED),
        # The last trade is at the limit, the average of the last half hour is not.
        (day("101", "105", "99", "104.20", last="105"), Circuit.LOCKED_AT_END),
        (day("101", "105", "99", "105", last="105"), Circuit.LOCKED_AT_END),
        (day("105", "105", "105", "105", last="105"), Circuit.LOCKED_ALL_DAY),
        # Without a last trade, the average tells when it is the limit itself.
        (day("101", "105", "99", "105"), Circuit.LOCKED_AT_END),
        (day("101", "105", "99", "104.95"), Circuit.TOUCHED),
        (day("105", "105", "105", "105"), Circuit.LOCKED_ALL_DAY),
        # One price, but not the limit.
        (day("104", "104", "104", "104", last="104"), Circuit.NONE),
        # Past the limit by less than a step: the true step is finer, so is the limit.
        (day("101", "105.03", "99", "105", last="105"), Circuit.TOUCHED),
        # Beyond it by a step: another band was in force.
        (day("101", "105.05", "99", "105.05"), Circuit.UNKNOWN),
        (day("108", "110", "107", "110"), Circuit.UNKNOWN),
    ],
)
def test_an_upper_circuit_by_its_band(prices: DayPrices, expected: Circuit) -> None:
    assert classify(prices, FIVE, CENT) is expected


@given(
    st.lists(st.integers(1900, 2100), min_size=4, max_size=4),
    st.one_of(st.none(), st.integers(1900, 2100)),
    st.sampled_from([*STANDARD_BANDS, NO_BAND]),
)
def test_the_lower_limit_mirrors_the_upper(
    places: list[int], last: int | None, band: Band
) -> None:
    """Prices turned about a base of 100 say of the lower limit what they said above."""
    steps = [Decimal(place) / 20 for place in places]
    final = None if last is None else Decimal(last) / 20
    first, *_, close = steps
    prices = DayPrices(Decimal(100), first, max(steps), min(steps), close, final)
    turned = DayPrices(
        *(Decimal(100), 200 - first, 200 - min(steps), 200 - max(steps), 200 - close),
        None if final is None else 200 - final,
    )
    above = classify(prices, band, CENT)
    assert classify(turned, band, CENT, side=Side.LOWER) is above


@pytest.mark.parametrize("side", Side)
def test_no_band_is_no_circuit_and_not_none(side: Side) -> None:
    up = day("110", "110", "110", "110")
    assert classify(up, NO_BAND, CENT, side=side) is Circuit.NO_BAND


def test_an_unknown_band_is_inferred_or_unknown_but_never_none() -> None:
    closed_up = day("101", "110", "99", "110")
    assert classify(closed_up, None, CENT) is Circuit.INFERRED
    near = day("101", "109.95", "99", "109.95")
    assert classify(near, None, CENT) is Circuit.INFERRED
    for prices in (
        day("101", "109.90", "99", "109.90"),
        day("101", "110.05", "99", "110"),
        day("101", "103", "99", "100"),
        day("101", "101", "90", "90"),
    ):
        assert classify(prices, None, CENT) is Circuit.UNKNOWN
    assert classify(closed_up, None, CENT, side=Side.LOWER) is Circuit.UNKNOWN
    # A step of 5 paise at 2 rupees is 2.5 %: standing at a band is chance.
    penny = day("2", "2.20", "2", "2.20", base="2")
    assert classify(penny, None, CENT) is Circuit.UNKNOWN


@pytest.mark.parametrize("bad", UNUSABLE)
@pytest.mark.parametrize("field", ["base", "open", "high", "low", "close"])
@pytest.mark.parametrize("band", [FIVE, None])
def test_a_missing_price_says_nothing(field: str, bad: Decimal, band: Band) -> None:
    names = ("base", "open", "high", "low", "close")
    figures = {name: bad if name == field else Decimal(105) for name in names}
    assert classify(DayPrices(**figures), band, CENT) is Circuit.UNKNOWN
