"""What a corporate action does to earlier prices, from the exchanges' own words."""

from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dexter.sources.actions import factor_of

# The list says split and bonus; the price moved by one of them only.
ONE_OF_TWO = {("MAANALU", "2023-07-27")}


@pytest.mark.parametrize(
    ("subject", "factor", "kind"),
    [
        ("Bonus 2:1", "0.3333333333", "bonus"),
        ("Bonus 1:1", "0.5", "bonus"),
        ("Bonus 1: 2", "0.6666666667", "bonus"),
        (
            "Face Value Split (Sub-Division) - From Rs 10/- Per Share To Rs 2/- Each",
            "0.2",
            "split",
        ),
        ("Stock  Split From Rs.5/- to Rs.2/-", "0.4", "split"),
        ("Face Value Split From Re 1/- To Rs 0.50/-", "0.5", "split"),
        ("Consolidation Of Shares From Re 1 To Rs 10", "10", "consolidation"),
        (
            "Bonus 1:2/Face Value Split (Sub-Division) From Rs 10/- To Rs 5/-",
            "0.3333333333",
            "bonus+split",
        ),
        (
            "Interim Div - Rs 6/- Per Share + Face Value Split From Rs 10/- To Rs 1/-",
            "0.1",
            "split",
        ),
    ],
)
def test_splits_and_bonuses_are_factors(subject: str, factor: str, kind: str) -> None:
    found = factor_of(subject)
    assert found is not None
    # Ten digits are kept, and a consolidation is not written as 1E+1 to a person.
    assert found.value == Decimal(factor)
    assert found.kind == kind


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "Interim Dividend - Rs. - 18.0000",
        "Annual General Meeting",
        "Rights 1:5 @ Premium Rs 90",
        "Bonus Ncrps 1:116",
        "Scheme Of Arrangement - Bonus - 1 Debenture For 1 Equity Share Held",
        "Bonus 0:1",
        "Face Value Split From Rs 10 To Rs 10",
    ],
)
def test_what_leaves_the_share_count_alone_is_none(subject: str) -> None:
    assert factor_of(subject) is None


@pytest.mark.real
def test_factors_agree_with_those_verified_by_prices(shared: Path) -> None:
    market = shared / "data" / "market"
    told: dict[tuple[str, str], Decimal] = {}
    for row in set(
        map(
            tuple,
            pq.read_table(
                market / "corporate_actions_all.parquet",
                columns=["symbol", "ex_date", "subject"],
            )
            .to_pandas()
            .to_records(index=False)
            .tolist(),
        )
    ):
        symbol, ex_date, subject = row
        if found := factor_of(str(subject)):
            key = (str(symbol), str(ex_date)[:10])
            told[key] = told.get(key, Decimal(1)) * found.value
    verified = pq.read_table(market / "split_bonus_factors.parquet").to_pylist()
    compared = 0
    for row in verified:
        key = (row["canon"], str(row["ex_date"])[:10])
        if key in told and key not in ONE_OF_TWO:
            compared += 1
            assert float(told[key]) == pytest.approx(row["factor"], rel=1e-3), key
    assert compared > 600
