"""The band a session seems to have closed at, by its prices alone; invented ones."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dexter.domain.circuits import (
    STANDARD_BANDS,
    inferred_band,
    is_telling,
    limit_prices,
)

TICKS = st.sampled_from([Decimal(text) for text in ("0.01", "0.05", "0.10", "1")])
PAISE = st.integers(1, 10_000_000).map(lambda paise: Decimal(paise) / 100)


@pytest.mark.parametrize(
    ("base", "close", "tick", "band"),
    [
        ("100", "105", "0.05", 5),
        ("100", "104.95", "0.05", 5),
        ("100", "104.94", "0.05", None),
        ("100", "105.01", "0.05", None),
        ("100", "120", "0.05", 20),
        ("100", "102", "0.01", 2),
        ("100", "100", "0.05", None),
        ("1.00", "1.05", "0.05", 10),
        ("0.40", "0.40", "0.05", None),
    ],
)
def test_the_inferred_band(base: str, close: str, tick: str, band: int | None) -> None:
    found = inferred_band(Decimal(base), Decimal(close), Decimal(close), Decimal(tick))
    assert found == (None if band is None else Decimal(band))


def test_a_close_below_the_high_infers_nothing() -> None:
    assert (
        inferred_band(Decimal(100), Decimal("105.05"), Decimal(105), Decimal("0.05"))
        is None
    )


@given(PAISE, st.sampled_from(STANDARD_BANDS), TICKS)
def test_a_close_at_a_limit_is_inferred(
    base: Decimal, band: Decimal, tick: Decimal
) -> None:
    """Unless the band is narrower than a step, its own limit is found, or a wider's."""
    upper = limit_prices(base, band, tick).upper
    assume(upper <= base * (1 + band / 100))
    found = inferred_band(base, upper, upper, tick)
    assert found is not None
    assert found >= band
    if is_telling(base, Decimal(5), tick) and base * (1 + band / 100) - tick > 0:
        assert found == band


@given(PAISE, PAISE, TICKS)
def test_an_inferred_band_is_the_widest_that_fits(
    base: Decimal, close: Decimal, tick: Decimal
) -> None:
    fits = [
        band
        for band in STANDARD_BANDS
        if base < close <= base * (1 + band / 100) <= close + tick
    ]
    assert inferred_band(base, close, close, tick) == (fits[-1] if fits else None)


@pytest.mark.parametrize(
    ("base", "band", "tick", "telling"),
    [
        ("5.00", 5, "0.05", True),
        ("4.99", 5, "0.05", False),
        ("1.00", 20, "0.01", True),
        ("0.99", 20, "0.01", False),
        ("25.00", 2, "0.05", True),
        ("24.95", 2, "0.05", False),
    ],
)
def test_when_a_step_is_small_enough(
    base: str, band: int, tick: str, *, telling: bool
) -> None:
    assert is_telling(Decimal(base), Decimal(band), Decimal(tick)) is telling
