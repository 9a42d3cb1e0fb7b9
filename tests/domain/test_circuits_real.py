"""Limit prices, band hits and inferred circuits against what the exchange published.

Reads ../shared and copies nothing of it. Every disagreement is put down to a reason
that can be computed; one that fits no reason fails.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

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

pytestmark = pytest.mark.real
DAY = date(2025, 12, 17)
SERIES = {"EQ", "BE", "BZ", "SM", "ST"}
HIT = {Circuit.TOUCHED, Circuit.LOCKED_AT_END, Circuit.LOCKED_ALL_DAY}


# Quotes: the base price, the band, and the limits the exchange printed beside them.


@pytest.mark.parametrize(
    ("base", "band", "lower", "upper"),
    [
        ("573.65", 10, "516.30", "631.00"),
        ("927.85", 10, "835.10", "1020.60"),
        ("406.40", 5, "386.10", "426.70"),
    ],
)
def test_limits_of_published_quotes(
    base: str, band: int, lower: str, upper: str
) -> None:
    found = limit_prices(Decimal(base), Decimal(band), Decimal("0.05"))
    assert found == (Decimal(lower), Decimal(upper))


def test_limits_of_the_quotes_at_hand(shared: Path) -> None:
    """Shares with futures: their range is 10 % of the base. One limit is a tick off."""
    differences = {}
    for name, base, tick, printed in quotes(shared / "data/filings/api/nse_samples"):
        found = limit_prices(base, Decimal(10), tick)
        for side, ours, theirs in zip(("lower", "upper"), found, printed, strict=True):
            if ours != theirs:
                differences[name, side] = (ours - theirs) / tick
    # Exactly 2088.63; the exchange printed 2088.6, the tick below.
    assert differences == {("TCS", "lower"): 1}


def quotes(
    folder: Path,
) -> Iterator[tuple[str, Decimal, Decimal, tuple[Decimal, Decimal]]]:
    def read(name: str) -> Any:  # noqa: ANN401 - JSON as it comes
        return json.loads((folder / name).read_text(), parse_float=Decimal)

    live = read("quote.json")
    closed = read("getDetailedScripData.json")["equityResponse"][0]
    for quote in (live, closed):
        meta, price = quote["metaData"], quote["priceInfo"]
        # After the close, the range printed is the next day's, around the close.
        base = meta["closePrice"] or meta["basePrice"]
        low, high = (Decimal(part) for part in price["priceBand"].split("-"))
        yield meta["symbol"], Decimal(base), price["tickSize"], (low, high)
    older = read("stock-nse-india_quote-equity-tcs.json")
    price = older["priceInfo"]
    limits = (Decimal(price["lowerCP"]), Decimal(price["upperCP"]))
    yield older["info"]["symbol"], price["basePrice"], price["tickSize"], limits


# 17 December 2025: the exchange's own list of band hits.

Key = tuple[str, str]


@dataclass(frozen=True)
class Files:
    """That day's files, by symbol and series; the band list is of another day."""

    prices: Mapping[Key, DayPrices]
    bands: Mapping[Key, Band]
    hits: frozenset[tuple[Key, Side]]
    auctions: frozenset[Key]
    funds: frozenset[str]
    ex_rights: frozenset[Key]


@pytest.fixture(scope="module")
def files(shared: Path) -> Files:
    api = shared / "data/filings/api"
    pack = api / "nse_daily_pack_20251217"
    listed = rows(api / "nse_sec_list/sec_list.csv")
    sides = {"H": Side.UPPER, "L": Side.LOWER}
    return Files(
        prices={
            (row["SYMBOL"], row["SERIES"]): DayPrices(
                *(Decimal(row[name]) for name in ("PREV_CLOSE", "OPEN_PRICE")),
                *(Decimal(row[name]) for name in ("HIGH_PRICE", "LOW_PRICE")),
                *(Decimal(row[name]) for name in ("CLOSE_PRICE", "LAST_PRICE")),
            )
            for row in rows(pack / "sec_bhavdata_full_17122025.csv")
            if row["SERIES"] in SERIES
        },
        bands={(row["Symbol"], row["Series"]): band_of(row["Band"]) for row in listed},
        hits=frozenset(
            ((row["SYMBOL"], row["SERIES"]), sides[row["HIGH/LOW"]])
            for row in rows(pack / "bh17122025.csv")
        ),
        auctions=frozenset(
            (row["SYMBOL"], row["SERIES"])
            for row in rows(pack / "pd17122025.csv")
            if row["MKT"] == "G"
        ),
        funds=frozenset(row["SYMBOL"] for row in rows(pack / "etf17122025.csv")),
        ex_rights=frozenset(
            (row["SYMBOL"], row["SERIES"])
            for row in rows(pack / "bc17122025.csv")
            if row["EX_DT"] == DAY.isoformat() and row["PURPOSE"].startswith("RIGHTS")
        ),
    )


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as text:
        for row in csv.DictReader(text):
            yield {
                key.strip(): value.strip()
                for key, value in row.items()
                if isinstance(key, str) and isinstance(value, str)
            }


def band_of(text: str) -> Band:
    return NO_BAND if text == "No Band" else Decimal(text)


def found_hits(files: Files) -> set[tuple[Key, Side]]:
    found = set()
    for key, prices in files.prices.items():
        tick = tick_of(key, prices)
        for side in Side:
            if classify(prices, files.bands.get(key), tick, side=side) in HIT:
                found.add((key, side))
    return found


def reason(files: Files, key: Key, side: Side) -> str | None:
    """Why the band list of another day, and a base of that day, miss the truth."""
    if key not in files.prices:
        return "another series"
    if key in files.auctions:
        return "traded by periodic call auction, which the list of hits leaves out"
    if key[0] in files.funds:
        return "a fund, whose base is its net asset value"
    if key in files.ex_rights:
        return "ex rights, so the base is not the previous close"
    bands = limited_by(files.prices[key], key, side)
    if not bands or files.bands.get(key) in bands:
        return None
    listed = "at the limit of another band than listed"
    return listed if key in files.bands else "not in the band list, at a limit"


def limited_by(prices: DayPrices, key: Key, side: Side) -> set[Band]:
    """Standard bands at whose very limit a day's furthest price stands.

    Ticks are set by the month, so a share that fell below ₹250 in between, or rose
    above it, may have its old one.
    """
    edge = prices.high if side is Side.UPPER else prices.low
    return {
        band
        for band in STANDARD_BANDS
        for tick in (tick_of(key, prices), Decimal("0.01"))
        if edge == getattr(limit_prices(prices.base, band, tick), side)
    }


def test_band_hits_of_a_day_against_the_official_list(files: Files) -> None:
    found = found_hits(files)
    missed, wrong = files.hits - found, found - files.hits
    reasons: defaultdict[str | None, set[str]] = defaultdict(set)
    for key, side in missed | wrong:
        reasons[reason(files, key, side)].add(key[0])
    assert dict(reasons) == {
        "another series": {"ATLPP", "CYBERPP"},
        "traded by periodic call auction, which the list of hits leaves out": {
            *("ANONDITA", "ASLIND", "BAFNAPH", "CURAA", "DHARIWAL", "GUJRAFFIA"),
            *("KANDARP", "KCK", "LATTEYS", "MAHASTEEL", "MOXSH", "MVKAGRO"),
            *("NEPHROCARE", "POLYSIL", "SABEVENTS", "SOMATEX", "TANKUP", "TECHD"),
        },
        "a fund, whose base is its net asset value": {
            *("MAFANG", "MAHKTECH", "MASPTOP50"),
        },
        "ex rights, so the base is not the previous close": {"KRISHIVAL"},
        "not in the band list, at a limit": {
            *("AAREYDRUGS", "ALPSINDUS", "EMBDL"),
        },
        "at the limit of another band than listed": {"S&SPOWER", "TVVISION"},
    }
    # Of 144 found 125 are official (19 by auction); of 136 official, 125 are found.
    assert (len(found & files.hits), len(found), len(files.hits)) == (125, 144, 136)


def test_within_its_reach_the_classification_makes_no_mistake(files: Files) -> None:
    """Shares in continuous trading whose band that day is known: all, and no other."""
    apart = {key for key, side in files.hits if reason(files, key, side)}
    apart |= files.auctions | files.ex_rights
    apart |= {key for key in files.prices if key[0] in files.funds}
    found = {hit for hit in found_hits(files) if hit[0] not in apart}
    official = {hit for hit in files.hits if hit[0] not in apart}
    assert found == official
    assert len(official) == 125


def test_small_companies_trade_in_five_paise(files: Files) -> None:
    """And hit limits on that grid, where others below ₹250 step by one paisa."""
    steps = {
        small: {
            price % Decimal("0.05")
            for (_, series), prices in files.prices.items()
            if (series in {"SM", "ST"}) is small and prices.high < 250
            for price in (prices.open, prices.high, prices.low)
        }
        for small in (True, False)
    }
    assert steps[True] == {0}
    assert len(steps[False]) == 5


def test_no_share_traded_beyond_its_limit(files: Files) -> None:
    """Outside funds, by a band list of another day: only the share ex rights."""
    beyond = {
        key[0]
        for key, prices in files.prices.items()
        for side in Side
        if key[0] not in files.funds
        and key in files.bands
        and classify(prices, files.bands[key], tick_of(key, prices), side=side)
        is Circuit.UNKNOWN
    }
    assert beyond == {"KRISHIVAL"}


def test_a_share_ex_rights_hits_the_limit_of_its_adjusted_base(files: Files) -> None:
    """45 new shares at ₹300 for 301 held; the base price is a multiple of the tick."""
    key = ("KRISHIVAL", "EQ")
    prices = files.prices[key]
    band, tick = files.bands[key], tick_of(key, prices)
    exact = (prices.base * 301 + Decimal(300) * 45) / 346
    adjusted = replace(prices, base=round(exact / tick) * tick)
    assert classify(adjusted, band, tick, side=Side.LOWER) is Circuit.TOUCHED
    assert (key, Side.LOWER) in files.hits


def tick_of(key: Key, prices: DayPrices) -> Decimal:
    return tick_size(prices.base, DAY, series=key[1])
