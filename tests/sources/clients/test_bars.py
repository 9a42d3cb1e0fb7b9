"""Bars and the other figures of a day, in every format that held them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from dexter.errors import SourceShapeError
from dexter.sources.bars import (
    NO_BAND,
    Bar,
    band_changes_of,
    bands_of,
    bars_of,
    decimal_of,
    deliveries_of,
    index_closes_of,
    number_of,
    read_bars,
    ticks_of,
)
from dexter.sources.payload import Payload
from dexter.sources.reading import read
from tests.sources.clients.rows import DAY, GOLDEN, zipped
from tests.sources.clients.sheets import BSE_OLDER, BSE_OLDEST, OLDER, UDIFF

BAR = Bar(
    symbol="TAMRA",
    series="EQ",
    isin="INE990A01014",
    day=DAY,
    open=100.0,
    high=104.5,
    low=99.0,
    close=104.0,
    last=104.5,
    previous_close=99.5,
    volume=125_000,
    turnover=12_912_500.0,
    trades=2023,
)
BEFORE = date(2023, 5, 4)
OF_BSE = replace(BAR, symbol="990001", series="A", day=BEFORE)


def payload(dataset: str, content: bytes | None = None) -> Payload:
    return read(dataset, "", "", content or GOLDEN[dataset])


@pytest.mark.parametrize(
    ("dataset", "content", "due"),
    [
        ("nse bars", zipped(UDIFF), BAR),
        ("nse bars", zipped(OLDER), replace(BAR, day=BEFORE)),
        ("bse bars", UDIFF.encode(), replace(BAR, symbol="17")),
        ("bse bars", zipped(BSE_OLDER), OF_BSE),
    ],
)
def test_every_format_says_the_same(dataset: str, content: bytes, due: Bar) -> None:
    assert bars_of(payload(dataset, content)) == (due,)


def test_the_oldest_format_is_told_its_day() -> None:
    oldest = payload("bse bars", zipped(BSE_OLDEST))
    assert read_bars(oldest, BEFORE).bars == (replace(OF_BSE, isin=None),)
    with pytest.raises(SourceShapeError, match="no day"):
        read_bars(Payload("bse bars", "", "", b"", oldest.records * 3))


def test_the_full_file_counts_lakhs() -> None:
    first = bars_of(payload("nse delivery"))[0]
    assert first == replace(BAR, isin=None, turnover=12_912_000.0)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("104.50,99.00", "103.00,99.00", "cannot be"),
        (",99.00,", ",101.00,", "cannot be"),
        ("100.00,104.50", "-,104.50", "price is missing"),
        (",125000,", ",,", "no volume"),
        ("2026-05-04", "2026-04-30", "it is of '2026-04-30'"),
    ],
)
def test_a_row_that_cannot_be_right_is_named_and_costs_no_day(
    before: str, after: str, why: str
) -> None:
    heading, row, _ = UDIFF.split("\r\n")
    body = "\n".join([heading, *[row] * 9, row.replace(before, after, 1)])
    found = read_bars(payload("nse bars", zipped(body)))
    assert len(found.bars) == 9
    assert len(found.problems) == 1
    assert "row 10 ('TAMRA')" in found.problems[0]
    assert why in found.problems[0]


def test_a_file_of_wrong_rows_is_not_believed() -> None:
    heading, row, _ = UDIFF.split("\r\n")
    wrong = row.replace("104.50,99.00", "1.00,99.00", 1)
    body = f"{heading}\n{row}\n{wrong}\n{wrong}"
    with pytest.raises(SourceShapeError, match="2 rows cannot be right"):
        bars_of(payload("nse bars", zipped(body)))


def test_what_was_not_traded_has_no_bar() -> None:
    body = UDIFF.replace("100.00,104.50,99.00,104.00", "0,0,0,0").replace(
        ",125000,", ",0,"
    )
    assert read_bars(payload("nse bars", zipped(body))).problems == ()
    assert bars_of(payload("nse bars", zipped(body))) == ()


def test_a_dash_is_nothing_delivered_that_is_known() -> None:
    assert deliveries_of(payload("nse delivery")) == {
        ("TAMRA", "EQ"): 22042,
        ("718GS2037", "GS"): None,
    }
    assert deliveries_of(payload("bse delivery")) == {("990001", ""): 64}


def test_no_band_is_not_an_unknown_band() -> None:
    assert bands_of(payload("nse bands")) == {
        ("TAMRA", "EQ"): Decimal(5),
        ("LOHA", "EQ"): NO_BAND,
        ("RESHAM", "BE"): None,
    }
    assert band_changes_of(payload("nse band changes")) == {
        ("TAMRA", "EQ"): (Decimal(10), Decimal(5))
    }


def test_ticks_are_rupees() -> None:
    assert ticks_of(payload("nse securities")) == {
        ("TAMRA", "EQ"): Decimal("0.05"),
        ("LOHA", "EQ"): Decimal("0.10"),
    }


def test_an_index_without_a_close_of_the_day_has_none() -> None:
    stale = "Nifty Old,30-04-2026,1,1,1,1,0,0,1,2,3,4,5\n"
    body = GOLDEN["nse indices"] + stale.encode()
    assert index_closes_of(payload("nse indices", body)) == {"Nifty 50": 25818.55}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (" 1,234.50 ", 1234.5),
        ("-.16", -0.16),
        ("0000000000000064", 64.0),
        (7, 7.0),
        *(((cell), None) for cell in ("-", "", "x", "1_000", "nan", "inf", "1e99")),
        *(((cell), None) for cell in (None, True, [1], "9" * 50, "٣")),
    ],
)
def test_numbers_as_printed(cell: object, value: float | None) -> None:
    assert number_of(cell) == value


def test_decimals_are_exact() -> None:
    assert decimal_of("0.05") == Decimal("0.05")
